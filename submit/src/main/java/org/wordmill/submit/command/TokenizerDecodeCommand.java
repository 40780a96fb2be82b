package org.wordmill.submit.command;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From ids of tokens to the text. */
@Command(
    name = "decode",
    header = "Ids of tokens to their text.",
    description =
        "Reads ids separated by white space, as encode prints them, and prints the text, byte for"
            + " byte.",
    footer = {"", "Example:", "  wordmill tokenizer decode --tokenizer tok --input test.ids"})
final class TokenizerDecodeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TextOptions text = new TextOptions();

  @Option(
      names = "--tokenizer",
      required = true,
      paramLabel = "DIR",
      description = "A directory with tokenizer.json, or with vocab.json and merges.txt.")
  private String tokenizer = "";

  TokenizerDecodeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Tokenizer opened = new TokenizerFolder(tokenizer, new Configuration()).open();
    TextPolicy policy = text.policy(TextPolicy.Reserved.UNKNOWN);
    IntStream.Builder ids = IntStream.builder();
    Texts.forEachFile(
        text.inputs(),
        (in, file) -> {
          StringTokenizer words = new StringTokenizer(Texts.exact(in, file, policy));
          while (words.hasMoreTokens()) {
            ids.add(id(words.nextToken(), opened.vocabulary().size(), file));
          }
        });
    int[] all = ids.build().toArray();
    if (common.json()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("tokenizer", tokenizer);
      result.put("tokens", all.length);
      result.put("text", opened.decode(all));
      console.result(common, result, () -> "");
    } else {
      byte[] bytes =
          opened instanceof ByteLevelBpe bpe
              ? bpe.decodeBytes(all)
              : opened.decode(all).getBytes(StandardCharsets.UTF_8);
      console.out().write(bytes, 0, bytes.length);
      console.out().flush();
    }
    return 0;
  }

  private static int id(String word, int size, String file) {
    try {
      int id = Integer.parseInt(word);
      if (id >= 0 && id < size) {
        return id;
      }
    } catch (NumberFormatException e) {
      throw bad(word, size, file, e);
    }
    throw bad(word, size, file, null);
  }

  private static WordmillException bad(
      String word, int size, String file, @Nullable Throwable cause) {
    String shown = word.length() <= 40 ? word : word.substring(0, 40) + "...";
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "found '" + shown + "' where an id from 0 to " + (size - 1) + " was expected",
        file,
        "give ids of this tokenizer, separated by white space",
        cause);
  }
}
