package org.wordmill.submit.command;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNey;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.NgramCounter;
import org.wordmill.submit.report.LogLogPlot;
import org.wordmill.text.TextPolicy;
import org.wordmill.trainer.DataParallelTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How far models stay above the entropy of a synthetic language, against what they learnt from. */
@Command(
    name = "bound-distance",
    header = "How far models stay above the entropy bound, against training text.",
    description = {
      "Scores text of synthesize under n-gram models of ever more training text and under every"
          + " kept checkpoint of training runs, and writes how many bits per character each is"
          + " above the best possible as bound-distance.csv and bound-distance.png.",
      "Runs keep only their last checkpoints unless schedule.keep_last says more. The training text"
          + " is held in memory; the n-gram models take modified Kneser-Ney with fallback"
          + " discounts."
    },
    footer = {
      "",
      "Example:",
      "  wordmill bound-distance --train train.txt --input test.txt --models runs/lstm"
          + " runs/transformer --output distance"
    })
final class BoundDistanceCommand implements Callable<Integer> {
  private static final int SHORTEST = 16_384;

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TextOptions text = new TextOptions();

  @Option(
      names = "--train",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Text of synthesize that the n-gram models learn from, and the runs learnt from.")
  private List<String> train = List.of();

  @Option(
      names = "--order",
      paramLabel = "N",
      defaultValue = "5",
      description = "The order of the n-gram models. Default: ${DEFAULT-VALUE}.")
  private int order;

  @Option(
      names = "--models",
      arity = "1..*",
      paramLabel = "RUN",
      description = "Output directories of train, which learnt from the training text.")
  private List<String> runs = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the table and the picture go.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  BoundDistanceCommand(Console console) {
    this.console = console;
  }

  /**
   * One model on the text.
   *
   * @param characters it learnt from, repeated ones too; of models with other tokens, as many as
   *     these have on average
   * @param bitsAbove the bound, a character
   */
  private record Distance(
      String model, long characters, double bitsPerCharacter, double bitsAbove) {}

  @Override
  public Integer call() {
    OutputFolder folder = new OutputFolder(output, overwrite.overwrite());
    Path csv = folder.free("bound-distance.csv");
    Path png = folder.free("bound-distance.png");
    TextPolicy policy = text.policy(TextPolicy.Reserved.UNKNOWN);
    double bound =
        EntropyBound.of(text.inputs(), policy)
            .orElseThrow(
                () ->
                    new WordmillException(
                        ExitCode.BAD_INPUT,
                        "the entropy of this text is not known",
                        String.join(" ", text.inputs()),
                        "give text that synthesize wrote"))
            .bitsPerCharacter();
    String learnt = Texts.read(train, policy);
    Map<String, List<Distance>> curves = new LinkedHashMap<>();
    curves.put(order + "-gram", ofNgrams(learnt, policy, bound));
    for (String run : runs) {
      curves.put(run, ofRun(run, learnt, policy, bound));
    }
    List<Distance> all = curves.values().stream().flatMap(List::stream).toList();
    OutputFolder.write(csv, csv(all).getBytes(StandardCharsets.UTF_8));
    OutputFolder.write(png, picture(curves));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("bound_bits_per_character", bound);
    result.put("distances", all);
    result.put("csv", csv.toString());
    result.put("png", png.toString());
    console.result(common, result, () -> table(all) + csv + "\n" + png);
    return 0;
  }

  private List<Distance> ofNgrams(String whole, TextPolicy policy, double bound) {
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(order).withFallbackDiscounts(Discounts.FALLBACK);
    List<Distance> distances = new ArrayList<>();
    for (long size = Math.min(SHORTEST, whole.length()); ; size *= 2) {
      // Whole sentences; text of synthesize is of one char a character.
      int end = size >= whole.length() ? whole.length() : whole.lastIndexOf('\n', (int) size) + 1;
      String model = order + "-gram";
      console.note(model + " model of " + end + " characters");
      NgramCounter counter = new NgramCounter(order, policy);
      byte[] part = whole.substring(0, end).getBytes(StandardCharsets.UTF_8);
      try {
        counter.read(new ByteArrayInputStream(part), String.join(" ", train));
      } catch (IOException e) {
        throw new IllegalStateException("memory cannot be read", e);
      }
      try (OpenModel opened =
          Models.ngrams(model, KneserNey.estimate(counter.counts(), options).toModel())) {
        distances.add(distance(opened, model, end, policy, bound));
      }
      if (end == whole.length()) {
        return distances;
      }
    }
  }

  private List<Distance> ofRun(String run, String learnt, TextPolicy policy, double bound) {
    List<String> checkpoints =
        DataParallelTrainer.checkpoints(run, new Configuration(), console::note);
    List<Distance> distances = new ArrayList<>();
    double charactersPerToken = Double.NaN;
    for (String checkpoint : checkpoints) {
      try (OpenModel opened = Models.open(checkpoint, console)) {
        if (opened.facts().get(Models.TRAINING_TOKENS) instanceof Long tokens && tokens > 0) {
          console.note(checkpoint);
          if (Double.isNaN(charactersPerToken)) {
            charactersPerToken =
                (double) learnt.length() / opened.tokenizer().encodeLines(learnt).length;
          }
          long characters = Math.round(tokens * charactersPerToken);
          distances.add(distance(opened, run, characters, policy, bound));
        }
      }
    }
    if (distances.isEmpty()) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "there is no trained model",
          run,
          "give the output directory of a training run that has saved a checkpoint");
    }
    return distances;
  }

  private Distance distance(
      OpenModel model, String name, long characters, TextPolicy policy, double bound) {
    double bits = Scoring.score(model, text.inputs(), policy).bitsPerCharacter();
    return new Distance(name, characters, bits, bits - bound);
  }

  private static String table(List<Distance> distances) {
    return Tables.table(
        List.of("model", "training characters", "bits/character", "above the bound"),
        distances.stream()
            .map(
                distance ->
                    List.of(
                        distance.model(),
                        String.valueOf(distance.characters()),
                        String.format(Locale.ROOT, "%.4f", distance.bitsPerCharacter()),
                        String.format(Locale.ROOT, "%.4f", distance.bitsAbove())))
            .toList());
  }

  private static String csv(List<Distance> distances) {
    StringBuilder lines =
        new StringBuilder("model,training_characters,bits_per_character,bits_above_bound\n");
    for (Distance distance : distances) {
      lines.append(
          String.format(
              Locale.ROOT,
              "\"%s\",%d,%.6f,%.6f\n",
              distance.model().replace("\"", "\"\""),
              distance.characters(),
              distance.bitsPerCharacter(),
              distance.bitsAbove()));
    }
    return lines.toString();
  }

  private static byte[] picture(Map<String, List<Distance>> curves) {
    LogLogPlot plot =
        new LogLogPlot("characters of training text", "bits per character above the bound");
    curves.forEach((name, distances) -> curve(name, distances).ifPresent(p -> plot.curve(name, p)));
    return plot.png();
  }

  /** On a short text chance may put a model below the bound, where there is no logarithm. */
  private static Optional<List<LogLogPlot.Point>> curve(String name, List<Distance> distances) {
    List<LogLogPlot.Point> points =
        distances.stream()
            .filter(distance -> distance.bitsAbove() > 0)
            .map(distance -> new LogLogPlot.Point(distance.characters(), distance.bitsAbove()))
            .toList();
    return Optional.of(points).filter(p -> !p.isEmpty());
  }
}
