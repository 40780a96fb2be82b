package org.wordmill.submit.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.synthetic.ProbabilisticGrammar;
import org.wordmill.text.synthetic.SyntheticLanguage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Text whose best possible perplexity is known. */
@Command(
    name = "synthesize",
    header = "Text of known entropy, to measure models against the best possible.",
    description =
        "Writes sentences of an artificial language with long-range agreement, returning names and"
            + " nested brackets, and tells its exact entropy: no model can have a lower perplexity"
            + " on long text.",
    footer = {
      "",
      "Examples:",
      "  wordmill synthesize --sentences 100000 --seed 1 --output train.txt",
      "  wordmill synthesize --sentences 5000 --seed 2 --output test.txt"
    })
final class SynthesizeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--sentences",
      required = true,
      paramLabel = "N",
      description = "How many sentences, one a line.")
  private long sentences;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "The same seed gives the same text. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The text file to write.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  SynthesizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (sentences < 1) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a text needs at least one sentence, found " + sentences,
          "option --sentences",
          "give a number of 1 or more");
    }
    Totals written = write();
    ProbabilisticGrammar grammar = SyntheticLanguage.grammar();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output);
    result.put("seed", seed);
    result.put("sentences", sentences);
    result.put("tokens", written.tokens);
    result.put("bits_per_token", grammar.bitsPerToken());
    result.put("best_perplexity", grammar.bestPerplexity());
    result.put("bits_per_token_of_this_text", written.bits / written.tokens);
    result.put("best_perplexity_of_this_text", Math.pow(2, written.bits / written.tokens));
    console.result(common.json(), result, () -> asText(grammar, written));
    return 0;
  }

  private Totals write() {
    Path file = Path.of(output);
    OpenOption mode =
        overwrite.overwrite() ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
    Totals totals = new Totals();
    try (BufferedWriter out =
        Files.newBufferedWriter(
            file,
            StandardCharsets.UTF_8,
            mode,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      Iterator<ProbabilisticGrammar.Sentence> drawn = SyntheticLanguage.sentences(seed).iterator();
      for (long i = 0; i < sentences; i++) {
        ProbabilisticGrammar.Sentence sentence = drawn.next();
        totals.tokens += sentence.words().size() + 1;
        totals.bits += sentence.bits();
        out.write(sentence.text());
        out.write('\n');
      }
    } catch (FileAlreadyExistsException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "the output exists", output, "choose another, or give --overwrite", e);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the text cannot be written: " + e,
          output,
          "free or choose a place",
          e);
    }
    return totals;
  }

  private String asText(ProbabilisticGrammar grammar, Totals written) {
    return String.format(
        Locale.ROOT,
        "%s: %,d sentences, %,d tokens with the end of each sentence%n"
            + "the language: %.6f bits per token, best possible perplexity %.6f%n"
            + "this text:    %.6f bits per token, best possible perplexity %.6f%n",
        output,
        sentences,
        written.tokens,
        grammar.bitsPerToken(),
        grammar.bestPerplexity(),
        written.bits / written.tokens,
        Math.pow(2, written.bits / written.tokens));
  }

  private static final class Totals {
    private long tokens;
    private double bits;
  }
}
