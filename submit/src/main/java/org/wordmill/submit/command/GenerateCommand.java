package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Sampler;
import org.wordmill.lm.TextGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Text by a model's weighted die. */
@Command(
    name = "generate",
    header = "Text from any model.",
    description =
        "Continues a prompt by drawing token after token from a model. The same seed gives the same"
            + " text. A model of sentences stops at the end of the sentence.",
    footer = {
      "",
      "Examples:",
      "  wordmill generate --model runs/shakespeare --prompt 'ROMEO:' --max-tokens 300",
      "  wordmill generate --model model.arpa --temperature 0.8 --top-k 50 --seed 7"
    })
final class GenerateCommand implements Callable<Integer> {
  /** The line between two texts. */
  private static final String BETWEEN = "---";

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelOption model = new ModelOption();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What to continue. Default: nothing.")
  private String prompt = "";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "200",
      description = "The most tokens to draw. Default: ${DEFAULT-VALUE}.")
  private int maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1.0",
      description =
          "Below 1 the likely tokens become likelier, above 1 less so; 0 always takes the likeliest."
              + " Default: ${DEFAULT-VALUE}.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Draw from the K likeliest tokens only; 0 for all. Default: ${DEFAULT-VALUE}.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1.0",
      description =
          "Draw from the fewest likeliest tokens whose share reaches P. Default: ${DEFAULT-VALUE}.")
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "Of the die. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many texts to draw, the first with SEED, the next with SEED + 1 and so on. Default:"
              + " ${DEFAULT-VALUE}.")
  private int samples;

  GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    requirePositive("--max-tokens", maxTokens);
    requirePositive("--samples", samples);
    Sampler sampler = sampler();
    try (OpenModel opened = model.open(console)) {
      TextGenerator generator = new TextGenerator(opened.model(), opened.tokenizer(), sampler);
      long start = System.nanoTime();
      List<TextGenerator.Generated> drawn = new ArrayList<>();
      for (int i = 0; i < samples; i++) {
        drawn.add(generator.generate(prompt, maxTokens, seed + i));
      }
      long tokens = drawn.stream().mapToLong(TextGenerator.Generated::tokens).sum();
      console.speed("generated", tokens, System.nanoTime() - start);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("prompt", prompt);
      result.put("text", drawn.get(0).text());
      result.put("tokens", drawn.get(0).tokens());
      result.put("ended", drawn.get(0).ended());
      result.put("seed", seed);
      if (samples > 1) {
        result.put("texts", drawn.stream().map(TextGenerator.Generated::text).toList());
      }
      console.result(
          common,
          result,
          () ->
              drawn.stream()
                  .map(one -> joined(opened, prompt, one.text()))
                  .collect(Collectors.joining("\n" + BETWEEN + "\n")));
    }
    return 0;
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new WordmillException(ExitCode.USAGE, option + " is " + value, "", "choose at least 1");
    }
  }

  /** Prompt and text as one; words are separated by a space that no token holds. */
  static String joined(OpenModel model, String prompt, String text) {
    boolean space = model.ofSentences() && !prompt.isBlank() && !text.isEmpty();
    return space ? prompt.strip() + " " + text : prompt + text;
  }

  private Sampler sampler() {
    try {
      return new Sampler(temperature, topK, topP);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.USAGE,
          String.valueOf(e.getMessage()),
          "options --temperature, --top-k and --top-p",
          "see wordmill generate --help",
          e);
    }
  }
}
