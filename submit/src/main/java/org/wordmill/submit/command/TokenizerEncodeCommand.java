package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From text to the ids of its tokens. */
@Command(
    name = "encode",
    header = "Text to the ids of its tokens.",
    description =
        "Prints the ids of the tokens of each file, line ends included, separated by spaces on one"
            + " line; decode makes the text of them again.",
    footer = {
      "",
      "Example:",
      "  wordmill tokenizer encode --tokenizer tok --input test.txt > test.ids"
    })
final class TokenizerEncodeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TextOptions text = new TextOptions();

  @Option(
      names = "--tokenizer",
      required = true,
      paramLabel = "DIR",
      description =
          "A directory with tokenizer.json, or with vocab.json and merges.txt, such as a training"
              + " output.")
  private String tokenizer = "";

  @Option(
      names = "--special-tokens",
      description =
          "Take the names of special tokens in the text, such as <|endoftext|>, as those tokens."
              + " Without this they are ordinary text.")
  private boolean specialTokens;

  TokenizerEncodeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Tokenizer opened = new TokenizerFolder(tokenizer, new Configuration()).open();
    TextPolicy policy = text.policy(TextPolicy.Reserved.UNKNOWN);
    List<int[]> ids = new ArrayList<>();
    long[] characters = {0};
    Texts.forEachFile(
        text.inputs(),
        (in, file) -> {
          String content = Texts.exact(in, file, policy);
          characters[0] += content.codePointCount(0, content.length());
          ids.add(
              specialTokens && opened instanceof ByteLevelBpe bpe
                  ? bpe.encodeWithSpecials(content)
                  : opened.encode(content));
        });
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("tokenizer", tokenizer);
    result.put("characters", characters[0]);
    result.put("tokens", ids.stream().mapToLong(some -> some.length).sum());
    result.put("ids", ids);
    console.result(
        common,
        result,
        () ->
            ids.stream()
                .map(
                    some ->
                        Arrays.stream(some)
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(" ", "", "\n")))
                .collect(Collectors.joining()));
    return 0;
  }
}
