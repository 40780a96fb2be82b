package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.MixtureWeights;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.StaticMixture;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordScanner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Several n-gram models to one. */
@Command(
    name = "mix",
    header = "Several n-gram models to one, their linear interpolation.",
    description =
        "Writes one ARPA file with the n-grams of all models, each with its interpolated"
            + " probability, and with back-off weights computed anew, as SRILM's -mix-lm does. The"
            + " weights are given, or are those under which a held-out text is likeliest. The models"
            + " may know different words. Needs all models in memory.",
    footer = {
      "",
      "Examples:",
      "  wordmill mix --models news.arpa books.arpa --weights 0.7 0.3 --output mixed.arpa",
      "  wordmill mix --models news.arpa books.arpa --held-out valid.txt --output mixed.arpa"
    })
final class MixCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--models",
      required = true,
      arity = "2..*",
      paramLabel = "FILE",
      description = "ARPA files, plain or gzip.")
  private List<String> paths = List.of();

  @Option(
      names = "--weights",
      arity = "2..*",
      paramLabel = "W",
      description = "A weight for each model; they are divided by their sum.")
  private List<Double> weights = List.of();

  @Option(
      names = "--held-out",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Text to fit the weights to, instead of --weights. It must not be the models' training"
              + " text.")
  private List<String> heldOut = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The ARPA file to write; a name that ends in .gz is compressed.")
  private String output = "";

  @Mixin private MalformedOption malformed = new MalformedOption();
  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  MixCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    check();
    ArpaFiles.check(output, overwrite.overwrite());
    List<BackoffModel> models = paths.stream().map(path -> ArpaFiles.read(path, console)).toList();
    double[] chosen =
        heldOut.isEmpty()
            ? weights.stream().mapToDouble(Double::doubleValue).toArray()
            : fitted(models);
    double sum = Arrays.stream(chosen).sum();
    BackoffModel mixed = StaticMixture.mix(models, chosen);
    ArpaFiles.write(mixed, output, overwrite.overwrite());
    List<Double> shares = Arrays.stream(chosen).mapToObj(w -> w / sum).toList();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output);
    result.put("models", paths);
    result.put("weights", shares);
    result.put("entries", ArpaFiles.entries(mixed));
    console.result(common, result, () -> asText(models, shares, mixed));
    return 0;
  }

  private void check() {
    if (weights.isEmpty() == heldOut.isEmpty()) {
      throw usage(
          weights.isEmpty() ? "there are no weights" : "found --weights and --held-out",
          "give --weights W1 W2 ... or --held-out PATH");
    }
    if (!weights.isEmpty()
        && (weights.size() != paths.size()
            || weights.stream().anyMatch(w -> !(w >= 0) || Double.isInfinite(w))
            || weights.stream().mapToDouble(Double::doubleValue).sum() <= 0)) {
      throw usage(
          "the weights " + weights + " for " + paths.size() + " models",
          "give a number for each model, none below 0 and not all 0");
    }
  }

  private static WordmillException usage(String what, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "mix", remedy);
  }

  /** The weights under which the text is likeliest; a word that no model knows counts for none. */
  private double[] fitted(List<BackoffModel> models) {
    List<double[]> tokens = new ArrayList<>();
    TextPolicy policy = malformed.policy(TextPolicy.Reserved.UNKNOWN);
    WordScanner scanner = new WordScanner(policy);
    Texts.forEachFile(
        heldOut,
        (in, file) -> {
          LineReader lines = new LineReader(in, file, policy);
          while (lines.next()) {
            int found =
                scanner.scan(
                    lines.bytes(),
                    lines.start(),
                    lines.end() - lines.start(),
                    file,
                    lines.position());
            List<String> words = new ArrayList<>();
            for (int i = 0; i < found; i++) {
              words.add(scanner.isUnknown(i) ? Vocabulary.UNKNOWN : scanner.word(i));
            }
            if (found >= 0) {
              words.add(Vocabulary.END);
              addSentence(models, words, tokens);
            }
          }
        });
    if (tokens.isEmpty()) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "there is no text to fit the weights to",
          String.join(", ", heldOut),
          "give files with text in them");
    }
    double[][] byModel = new double[models.size()][tokens.size()];
    for (int t = 0; t < tokens.size(); t++) {
      for (int m = 0; m < byModel.length; m++) {
        byModel[m][t] = tokens.get(t)[m];
      }
    }
    return MixtureWeights.fit(byModel);
  }

  private static void addSentence(
      List<BackoffModel> models, List<String> words, List<double[]> tokens) {
    double[][] logProbabilities = new double[words.size()][models.size()];
    for (int m = 0; m < models.size(); m++) {
      BackoffModel model = models.get(m);
      Vocabulary vocabulary = model.vocabulary();
      var state = model.start();
      for (int i = 0; i < words.size(); i++) {
        boolean known = vocabulary.contains(words.get(i));
        int id = vocabulary.id(words.get(i));
        logProbabilities[i][m] = known ? model.logProbability(state, id) : Double.NEGATIVE_INFINITY;
        state = model.advance(state, id);
      }
    }
    tokens.addAll(List.of(logProbabilities));
  }

  private String asText(List<BackoffModel> models, List<Double> shares, BackoffModel mixed) {
    List<List<String>> rows = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      rows.add(
          List.of(
              paths.get(m),
              String.format(Locale.ROOT, "%.4f", shares.get(m)),
              String.format(Locale.ROOT, "%,d", sum(models.get(m)))));
    }
    return Tables.table(List.of("model", "weight", "n-grams"), rows)
        + String.format(Locale.ROOT, "%s: %,d n-grams%n", output, sum(mixed));
  }

  private static long sum(BackoffModel model) {
    return ArpaFiles.entries(model).stream().mapToLong(Integer::longValue).sum();
  }
}
