package org.wordmill.submit.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.MatrixRate;
import org.wordmill.model.TaggerConfig;
import org.wordmill.model.TrainingCost;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.submit.report.BarChart;
import org.wordmill.train.StepProfile;
import org.wordmill.train.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the time of a training step goes. */
@Command(
    name = "profile",
    header = "Where the time of a training step goes, module by module.",
    description = {
      "Makes training steps of settings on random tokens, on all cores of this machine and without"
          + " Spark, and tells the time of each kind of module forward and backward, tokens a second,"
          + " and what share of the speed of large matrix products on this machine that is.",
      "Modules that differ only in the number of their layer are added up. Operations are counted as"
          + " 6 for each parameter and token; those of attention itself come on top and are not"
          + " counted."
    },
    footer = {"", "Example:", "  wordmill profile --config shakespeare-char --output profile"})
final class ProfileCommand implements Callable<Integer> {
  private static final Duration RATE = Duration.ofSeconds(1);

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE|PRESET",
      description = "The settings, as for train; of a language model.")
  private String config = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change one setting, such as model.context_length=256; may be repeated.")
  private List<String> assignments = List.of();

  @Option(
      names = "--vocabulary",
      paramLabel = "V",
      defaultValue = "0",
      description =
          "The size of the vocabulary. Default: that of the settings, else 65 characters, 10,000"
              + " words or 50,257 byte pairs.")
  private int vocabulary;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "How long to measure, after a warm-up as long. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "",
      description = "Write profile.csv and profile.png there.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  ProfileCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!(seconds > 0) || seconds > 3600) {
      throw usage("--seconds is " + seconds, "choose more than 0 and at most 3600");
    }
    TrainingConfig training = training(TrainingSettings.load(config, assignments));
    OutputFolder folder = new OutputFolder(output, overwrite.overwrite());
    Path csv = output.isEmpty() ? Path.of("") : folder.free("profile.csv");
    Path png = output.isEmpty() ? Path.of("") : folder.free("profile.png");
    console.note("a warm-up and a measurement of " + seconds + " s each");
    MatrixRate rate = MatrixRate.measure(training.kernels(), RATE);
    StepProfile profile =
        StepProfile.measure(training, Duration.ofNanos(Math.round(seconds * 1e9)));
    double operations =
        new TrainingCost(profile.parameters(), profile.tokensPerSecond()).operations();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kernels", profile.kernels());
    facts.put("workers", profile.workers());
    facts.put("parameters", profile.parameters());
    facts.put("steps", profile.steps());
    facts.put("step_milliseconds", 1000 * profile.stepSeconds());
    facts.put("tokens_per_second", profile.tokensPerSecond());
    facts.put("gigaflop_per_second", operations / 1e9);
    facts.put("gigaflop_per_second_of_matrix_products", rate.operationsPerSecond() / 1e9);
    facts.put("share_of_matrix_products", operations / rate.operationsPerSecond());
    Map<String, Object> result = new LinkedHashMap<>(facts);
    List<StepProfile.Part> parts = parts(profile);
    result.put("parts", parts);
    if (!output.isEmpty()) {
      OutputFolder.write(csv, csv(parts).getBytes(StandardCharsets.UTF_8));
      OutputFolder.write(png, picture(parts));
      result.put("csv", csv.toString());
      result.put("png", png.toString());
    }
    console.result(
        common,
        result,
        () ->
            table(profile, parts)
                + Tables.facts(facts)
                + (output.isEmpty() ? "" : csv + "\n" + png + "\n"));
    return 0;
  }

  private TrainingConfig training(TrainingSettings settings) {
    if (settings.model() instanceof TaggerConfig) {
      throw usage(
          "this is a tagger, whose steps depend on its sentences", "profile a language model");
    }
    int size = vocabulary;
    if (size == 0) {
      size = settings.model().vocabularySize();
    }
    if (size == 0) {
      size =
          switch (settings.tokenizer()) {
            case WORDS -> settings.vocabularyLimit() > 0 ? settings.vocabularyLimit() + 2 : 10_000;
            case BPE -> 50_257;
            case CHARACTERS, TAGGED_WORDS -> 65;
          };
    }
    if (size < 1) {
      throw usage("--vocabulary is " + size, "choose at least 1");
    }
    return settings.training().withVocabularySize(size);
  }

  /** The modules, and then what is not of the tape, in the order in which they are shown. */
  private static List<StepProfile.Part> parts(StepProfile profile) {
    List<StepProfile.Part> parts = new ArrayList<>(profile.parts());
    parts.add(new StepProfile.Part("optimizer", 1, profile.updateSeconds(), 0));
    parts.add(
        new StepProfile.Part("batches, sums, waiting", 1, Math.max(0, profile.otherSeconds()), 0));
    return parts;
  }

  private static String table(StepProfile profile, List<StepProfile.Part> parts) {
    return Tables.table(
            List.of("module", "calls", "forward ms", "backward ms", "share %"),
            parts.stream()
                .map(
                    part ->
                        List.of(
                            part.module(),
                            String.format(Locale.ROOT, "%.0f", part.calls()),
                            milliseconds(part.forwardSeconds()),
                            milliseconds(part.backwardSeconds()),
                            String.format(
                                Locale.ROOT, "%.1f", 100 * part.seconds() / profile.stepSeconds())))
                .toList())
        + "\n";
  }

  private static String milliseconds(double value) {
    return String.format(Locale.ROOT, "%.3f", 1000 * value);
  }

  private static String csv(List<StepProfile.Part> parts) {
    StringBuilder text = new StringBuilder("module,calls,forward_seconds,backward_seconds\n");
    for (StepProfile.Part part : parts) {
      text.append(
          String.format(
              Locale.ROOT,
              "\"%s\",%.0f,%.9f,%.9f\n",
              part.module(),
              part.calls(),
              part.forwardSeconds(),
              part.backwardSeconds()));
    }
    return text.toString();
  }

  private static byte[] picture(List<StepProfile.Part> parts) {
    BarChart chart = new BarChart("milliseconds of a training step", "forward", "backward");
    for (StepProfile.Part part : parts) {
      chart.bar(part.module(), 1000 * part.forwardSeconds(), 1000 * part.backwardSeconds());
    }
    return chart.png();
  }

  private static WordmillException usage(String what, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "wordmill profile", remedy);
  }
}
