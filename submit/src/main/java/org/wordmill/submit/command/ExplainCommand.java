package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.Smoothing;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Explainable;
import org.wordmill.lm.Explanation;
import org.wordmill.ngram.CountSmoothing;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNey;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.MaximumLikelihood;
import org.wordmill.ngram.NgramCounter;
import org.wordmill.ngram.NgramCounts;
import org.wordmill.ngram.SmoothedCounts;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One probability, step by step, or the tape of one step. */
@Command(
    name = "explain",
    header = "One probability step by step, or the tape of one training step.",
    description = {
      "Says how the probability of the last word of an n-gram came about. With --model, from the table"
          + " of an ARPA file: the longest n-gram that was found, and the back-off weights on the way."
          + " With --input, from the counts of a text: counts, discounts, back-off weights, each with"
          + " its formula. The text is counted in the memory of this machine.",
      "With --tape, runs a neural model forward and backward on a text, and lists every call in the"
          + " order in which it was pushed on the tape and popped from it."
    },
    footer = {
      "",
      "Examples:",
      "  wordmill explain --model model.arpa --ngram 'the old miller'",
      "  wordmill explain --input train.txt --order 3 --ngram '<s> the old' 'the old miller'",
      "  wordmill explain --tape --model runs/shakespeare --text 'To be'",
      "  wordmill explain --tape --config gpt-tiny --text 'To be'"
    })
final class ExplainCommand implements Callable<Integer> {
  private static final double LN_10 = Math.log(10);
  private static final String WHITE_SPACE = "[ \\t\\n\\r\\x00]+";

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--model", paramLabel = "PATH", description = ModelOption.HELP)
  private @Nullable String model;

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Text to count, instead of --model: files, directories and globs.")
  private List<String> inputs = List.of();

  @Option(
      names = "--ngram",
      arity = "1..*",
      paramLabel = "'W1 W2 ... WN'",
      description =
          "Words, of which the last is explained given those before. Without <s> in front they stand"
              + " in the middle of a sentence; the end of a sentence is </s>.")
  private List<String> ngrams = List.of();

  @Option(
      names = "--order",
      paramLabel = "N",
      description = "With --input, the length of the longest n-grams. Default: 3.")
  private @Nullable Integer order;

  @Mixin private SmoothingOptions smoothing = new SmoothingOptions();

  @Option(
      names = "--prune",
      paramLabel = "T1,T2,...",
      description = "With --input, pruning thresholds as for estimate.")
  private String prune = "";

  @Option(
      names = "--discount-fallback",
      description = "With --input, discounts for texts that are small, as for estimate.")
  private boolean discountFallback;

  @Option(
      names = "--interpolate-unigrams",
      arity = "1",
      paramLabel = "true|false",
      description = "With --input, as for estimate. Default: true.")
  private @Nullable Boolean interpolateUnigrams;

  @Option(names = "--tape", description = "List the tape of one step of a neural model.")
  private boolean tape;

  @Option(
      names = "--config",
      paramLabel = "FILE|PRESET",
      description = "With --tape, a model that has not been trained, of these settings.")
  private @Nullable String config;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "With --tape, the text of the step: each token is predicted from those before.")
  private String text = "";

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int sources = (model == null ? 0 : 1) + (inputs.isEmpty() ? 0 : 1) + (config == null ? 0 : 1);
    if (sources != 1) {
      throw usage(
          "found " + sources + " of --model, --input and --config", "give exactly one of them");
    }
    if (inputs.isEmpty()) {
      refuseOfCounts();
    }
    if (tape) {
      tape();
    } else if (ngrams.isEmpty()) {
      throw usage("there is nothing to explain", "give --ngram 'W1 W2 ... WN', or --tape");
    } else if (config != null) {
      throw usage("--config is for --tape", "give --tape --text TEXT, or --model");
    } else {
      explain(words());
    }
    return 0;
  }

  /** Refuses what says how counts become a model, where there is a model already. */
  private void refuseOfCounts() {
    List<String> given = new ArrayList<>(smoothing.given());
    if (order != null) {
      given.add("--order");
    }
    if (!prune.isEmpty()) {
      given.add("--prune");
    }
    if (discountFallback) {
      given.add("--discount-fallback");
    }
    if (interpolateUnigrams != null) {
      given.add("--interpolate-unigrams");
    }
    if (!given.isEmpty()) {
      throw usage(
          given.get(0) + " is for --input, a text that is counted",
          "leave it out, or give --input");
    }
  }

  private void explain(List<List<String>> ngrams) {
    if (model == null) {
      Counted counted = estimate();
      explain(counted.explainable(), counted.vocabulary(), ngrams);
      return;
    }
    try (OpenModel opened = Models.open(model, console)) {
      explain(opened, ngrams);
    }
  }

  private void tape() {
    if (text.isEmpty() || !inputs.isEmpty() || !ngrams.isEmpty()) {
      throw usage(
          "--tape runs a neural model on --text", "give --tape --model or --config, --text");
    }
    String settings = config;
    String path = model;
    if (settings == null && path == null) {
      throw usage("--tape is for neural models", "give --model or --config");
    }
    TapeOfStep step =
        path != null
            ? TapeOfStep.ofRun(path, text, console)
            : TapeOfStep.ofSettings(Objects.requireNonNull(settings), text);
    console.result(common, step.figures(), step::asText);
  }

  private void explain(OpenModel opened, List<List<String>> ngrams) {
    if (!(opened.model() instanceof Explainable explainable)) {
      throw usage(
          "a model of kind " + opened.kind() + " has no table to explain",
          "give --tape --text TEXT, which lists how it computes");
    }
    explain(explainable, opened.model().vocabulary(), ngrams);
  }

  private void explain(Explainable explainable, Vocabulary vocabulary, List<List<String>> ngrams) {
    List<Explanation> explanations = new ArrayList<>();
    for (List<String> words : ngrams) {
      int[] ids = ids(words, vocabulary);
      explanations.add(
          explainable.explain(Arrays.copyOf(ids, ids.length - 1), ids[ids.length - 1]));
    }
    Map<String, Object> result =
        Map.of("explanations", explanations.stream().map(ExplainCommand::figures).toList());
    console.result(common, result, () -> asText(explanations));
  }

  private int[] ids(List<String> words, Vocabulary vocabulary) {
    for (String word : words) {
      if (!vocabulary.contains(word)) {
        console.note("note: '" + word + "' is not in the vocabulary and is taken as <unk>");
      }
    }
    return words.stream().mapToInt(vocabulary::id).toArray();
  }

  /** The words of each n-gram, after a look at where the marks of a sentence stand. */
  private List<List<String>> words() {
    List<List<String>> all = new ArrayList<>();
    for (String ngram : ngrams) {
      List<String> words =
          Arrays.stream(ngram.split(WHITE_SPACE)).filter(word -> !word.isEmpty()).toList();
      if (words.isEmpty()) {
        throw usage("an n-gram without words", "give --ngram 'W1 W2 ... WN'");
      }
      if (words.subList(0, words.size() - 1).contains(Vocabulary.END)) {
        throw usage("nothing follows " + Vocabulary.END, "end the n-gram with it");
      }
      if (words.subList(1, words.size()).contains(Vocabulary.BEGIN)) {
        throw usage("nothing stands before " + Vocabulary.BEGIN, "begin the n-gram with it");
      }
      all.add(words);
    }
    return all;
  }

  /** An estimate from counts. */
  private record Counted(Explainable explainable, Vocabulary vocabulary) {}

  private Counted estimate() {
    Smoothing chosen = smoothing.smoothing();
    Optional<CountSmoothing> formula = chosen.formula(smoothing.parameter());
    int longest = order == null ? 3 : order;
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(longest)
            .withInterpolateUnigrams(interpolateUnigrams == null || interpolateUnigrams);
    if (!prune.isEmpty()) {
      options = options.withPruning(prune);
    }
    if (discountFallback) {
      smoothing.requireDiscounts("--discount-fallback");
      options = options.withFallbackDiscounts(Discounts.FALLBACK);
    }
    NgramCounter counter = new NgramCounter(longest, TextPolicy.DEFAULT);
    Texts.forEachFile(inputs, counter::read);
    NgramCounts counts = counter.counts();
    Explainable explainable =
        formula.isPresent()
            ? SmoothedCounts.estimate(counts, options, formula.get())
            : chosen == Smoothing.MAXIMUM_LIKELIHOOD
                ? new MaximumLikelihood(counts)
                : KneserNey.estimate(counts, options);
    return new Counted(explainable, counts.vocabulary());
  }

  private static Map<String, Object> figures(Explanation explanation) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("event", explanation.event());
    figures.put("steps", explanation.steps());
    figures.put("probability", explanation.probability());
    figures.put("log10_probability", explanation.logProbability() / LN_10);
    return figures;
  }

  private static String asText(List<Explanation> explanations) {
    StringBuilder lines = new StringBuilder();
    for (Explanation explanation : explanations) {
      lines.append(explanation.event()).append('\n');
      for (Explanation.Step step : explanation.steps()) {
        lines.append("  ").append(step.what()).append('\n').append("    = ");
        lines.append(step.numbers().isEmpty() ? "" : step.numbers() + " = ");
        lines.append(show(step)).append('\n');
      }
      lines.append(
          String.format(
              Locale.ROOT,
              "  log10 p = %.6f, p = %.6g%n",
              explanation.logProbability() / LN_10,
              explanation.probability()));
    }
    return lines.toString();
  }

  /** Counts whole, everything else to six decimals. */
  private static String show(Explanation.Step step) {
    double value = step.value();
    boolean count = step.numbers().isEmpty() && value == Math.rint(value) && Math.abs(value) < 1e15;
    return String.format(Locale.ROOT, count ? "%.0f" : "%.6f", value);
  }

  private static WordmillException usage(String what, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "explain", remedy);
  }
}
