package org.wordmill.submit.command;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.MatrixRate;
import org.wordmill.model.TaggerConfig;
import org.wordmill.submit.config.Presets;
import org.wordmill.submit.config.Settings;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.train.EpochMetrics;
import org.wordmill.train.MixPlan;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.StepSeconds;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;
import org.wordmill.train.TrainingReport;
import org.wordmill.trainer.DataParallelTrainer;
import org.wordmill.trainer.PreparedText;
import org.wordmill.trainer.Tokenization;
import org.wordmill.trainer.TrainingJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From text to a neural language model or a tagger, data-parallel on Spark. */
@Command(
    name = "train",
    header = "Text to a neural language model or a tagger, data-parallel.",
    description =
        "Trains a neural language model, or a tagger from CoNLL-U. The same settings and text give"
            + " the same numbers on any cluster. The output directory holds the checkpoints, the"
            + " tokenizer, config.conf with the settings of the run, metrics.jsonl, report.html,"
            + " learning-curve.png, report.json with what the command prints, and tensorboard,"
            + " which TensorBoard shows with --logdir.",
    footer = {
      "",
      "Examples:",
      "  wordmill train --config shakespeare-char --input train.txt --validation valid.txt --output"
          + " run",
      "  wordmill train --config my.conf --set schedule.steps=5000 --input train.txt"
          + " --set schedule.evaluation_interval=0 --output run",
      "  wordmill train --config tagger-birnn --input train.conllu --validation dev.conllu"
          + " --output tagger",
      "  wordmill train --config gpt-tiny --input shards --validation valid-shards --output run",
      "  wordmill train --resume --input train.txt --validation valid.txt --output run",
      "  wordmill train --overfit-one-batch --config my.conf --set schedule.evaluation_interval=0"
          + " --input train.txt --output check",
      "  wordmill train --from run --config my.conf --input other.txt --output tuned"
    })
final class TrainCommand implements Callable<Integer> {
  /** How many epochs the result tells of; the log of metrics has all. */
  private static final int SHOWN = 10;

  /** How long the machine is measured. */
  private static final Duration MEASURING = Duration.ofMillis(300);

  /** A run of so many steps takes longer than the measuring. */
  private static final long MEASURED_STEPS = 100;

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private OverwriteOption overwrite = new OverwriteOption();
  @Mixin private MalformedOption malformed = new MalformedOption();
  @Mixin private FaultyTextOptions faulty = new FaultyTextOptions();

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Text, UTF-8, or CoNLL-U: files, directories and globs on any file system that Hadoop"
              + " knows; .gz, .bz2, .xz and .zst are decompressed. Or directories of wordmill"
              + " prepare, whose tokenizer is the model's. Left out where the settings have a mix"
              + " of sources, such as mix = [{ source = \"books/*.txt\", weight = 3 }, { source ="
              + " wiki, weight = 1 }].")
  private List<String> inputs = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE|PRESET",
      description =
          "The settings: a HOCON file, or a preset: quickstart, shakespeare-char, gpt-tiny,"
              + " rnn-char, lstm-char, gru-char, words-transformer, words-lstm, words-rnn,"
              + " tagger-rnn, tagger-birnn, tagger-cnn. With --resume the settings of the run are"
              + " the default.")
  private @Nullable String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change one setting, such as schedule.steps=500; may be repeated.")
  private List<String> assignments = List.of();

  @Option(
      names = "--validation",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Held-out text to watch the loss on, prepared or not. Without it"
              + " schedule.evaluation_interval must be 0.")
  private List<String> validation = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description =
          "The directory of the run. If a run is there already it must be resumed or overwritten.")
  private String output = "";

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description =
          "Begin with the parameters of a trained or imported model, and a new optimizer. The model"
              + " and its tokenizer are those of DIR; only model.dropout is that of the settings.")
  private @Nullable String from;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description =
          "A byte pair encoding, by wordmill tokenizer train or the Hugging Face libraries; sets"
              + " tokenizer = bpe. With --resume it can be left out, and cannot be another.")
  private @Nullable String tokenizer;

  @Option(
      names = "--resume",
      description = "Go on from the newest checkpoint of the output directory.")
  private boolean resume;

  @Option(
      names = "--overfit-one-batch",
      description =
          "Learn the first batch in every step, without dropout: its loss must come close to 0, or"
              + " something is wrong with the model, the settings or the text.")
  private boolean oneBatch;

  @Option(
      names = "--sample-tokens",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "How many tokens each kept checkpoint writes for report.html when the run ends; 0 for"
              + " none. Default: ${DEFAULT-VALUE}.")
  private int sampleTokens;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Config chosen = settings(new RunFile(output, "config.conf", new Configuration()));
    Config settings = oneBatch ? TrainingSettings.onOneBatch(chosen) : chosen;
    if (from == null) {
      Optional<PreparedText> prepared = prepared(TrainingSettings.of(settings));
      return prepared.isEmpty() || tokenizer != null
          ? train(settings, Optional.empty(), Optional.empty())
          : train(
              TrainingSettings.withTokenizer(settings, prepared.get().tokenizer()),
              Optional.of(prepared.get().tokenizerFile()),
              Optional.empty());
    }
    if (tokenizer != null) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there are --tokenizer and --from, whose model has its own tokenizer",
          tokenizer,
          "give one of them");
    }
    try (TrainedModel model =
        DataParallelTrainer.open(
            from,
            new Configuration(),
            KernelChoice.AUTO,
            notice -> console.note("warning: " + notice))) {
      return train(
          TrainingSettings.withModel(settings, model.config(), model.tokenizer()),
          Optional.of(TokenizerFiles.write(model.tokenizer())),
          Optional.of(model));
    }
  }

  /** The first of the prepared texts, if there is one; the trainer looks whether all agree. */
  private Optional<PreparedText> prepared(TrainingSettings chosen) {
    List<List<String>> texts = new ArrayList<>(List.of(inputs, validation));
    chosen.mix().forEach(source -> texts.add(source.source()));
    Configuration configuration = SparkRun.hadoop();
    return texts.stream()
        .flatMap(paths -> PreparedText.findAll(paths, configuration).stream())
        .findFirst();
  }

  /**
   * @param tokenizerFile of a tokenizer that is not a matter of the settings
   * @param initial the model to begin with
   */
  private int train(
      Config settings, Optional<String> tokenizerFile, Optional<TrainedModel> initial) {
    TrainingSettings chosen = TrainingSettings.of(settings);
    TextPolicy policy = faulty.policy(malformed.policy(TextPolicy.Reserved.UNKNOWN));
    TrainingJob job =
        new TrainingJob(
            inputs,
            validation,
            output,
            resume,
            overwrite.overwrite(),
            tokenizerFile
                .map(file -> Tokenization.of(file, policy))
                .orElseGet(() -> tokenization(chosen, policy)),
            chosen.sync(),
            chosen.training(),
            initial.map(TrainedModel::parameters));
    Gathered gathered = new Gathered();
    RunReportFile page =
        new RunReportFile(
            output, Settings.render(settings), sampleTokens, new Configuration(), console);
    RunFile record = new RunFile(output, ReportFile.NAME, new Configuration());
    TrainingReport report;
    try {
      report = train(job, settings, console, TrainingListener.all(List.of(gathered, page)));
    } catch (WordmillException fault) {
      if (gathered.steps > 0) {
        record.write(
            Json.write(
                    Map.of(
                        "exit_code",
                        fault.exitCode().code(),
                        "error",
                        String.valueOf(fault.getMessage())))
                + "\n");
      }
      throw fault;
    }
    StepSeconds times = report.stepSeconds();
    if (times.max() > 0) {
      console.note(
          String.format(
              Locale.ROOT,
              "seconds of a step: median %.3g, 90th percentile %.3g, longest %.3g",
              times.p50(),
              times.p90(),
              times.max()));
    }
    page.finish(!(chosen.model() instanceof TaggerConfig));
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("output", output);
    result.put("steps", report.steps());
    result.put("tokens", report.tokens());
    result.put("parameters", report.parameters());
    result.put("loss", Double.isFinite(report.loss()) ? report.loss() : null);
    result.put("validation_loss", orNull(report.validationLoss()));
    result.put("best_validation_loss", orNull(report.bestValidationLoss()));
    result.put("seconds", report.seconds());
    Optional<List<MixPlan.Progress>> sources = gathered.mix.map(plan -> plan.after(report.steps()));
    String facts =
        Tables.facts(result)
            + epochs(gathered.epochs)
            + sources.map(all -> "\n" + MixReport.table(all)).orElse("");
    result.put("input_seconds", gathered.inputSeconds);
    result.put("step_seconds", report.stepSeconds());
    result.put("skipped", report.skipped());
    result.put("epochs", gathered.epochs);
    sources.ifPresent(all -> result.put("mix", all));
    if (gathered.steps > 0) {
      record.write(Json.write(result) + "\n");
    } else {
      console.note("the run has made all its steps already; schedule.steps gives it more");
    }
    console.result(common, result, () -> facts);
    return 0;
  }

  /** What the result tells of the way to it. */
  private static final class Gathered implements TrainingListener {
    private final List<EpochMetrics> epochs = new ArrayList<>();
    private Optional<MixPlan> mix = Optional.empty();
    private double inputSeconds;
    private long steps;

    @Override
    public void step(StepMetrics metrics) {
      steps++;
      inputSeconds += metrics.inputSeconds();
    }

    @Override
    public void mixed(MixPlan plan) {
      mix = Optional.of(plan);
    }

    @Override
    public void epoch(EpochMetrics metrics) {
      epochs.add(metrics);
    }
  }

  /** The mean losses of the last epochs, one a line. */
  private static String epochs(List<EpochMetrics> epochs) {
    StringBuilder lines = new StringBuilder();
    for (EpochMetrics epoch : epochs.subList(Math.max(0, epochs.size() - SHOWN), epochs.size())) {
      lines.append(
          String.format(
              Locale.ROOT,
              "%-22s%.6f%s%n",
              "mean loss, epoch " + epoch.epoch(),
              epoch.meanLoss(),
              epoch.whole() ? "" : " since the run was resumed"));
    }
    return lines.toString();
  }

  private Tokenization tokenization(TrainingSettings chosen, TextPolicy policy) {
    if (tokenizer != null && chosen.tokenizer() != TrainingSettings.TokenizerKind.BPE) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is --tokenizer, and the settings say tokenizer = "
              + chosen.tokenizer().name().toLowerCase(Locale.ROOT),
          tokenizer,
          "give one of them");
    }
    return chosen.tokenization(policy, this::bytePairs);
  }

  /** The byte pairs that were given, or those of the run that is resumed. */
  private ByteLevelBpe bytePairs() {
    String folder = tokenizer != null ? tokenizer : resume ? output : "";
    if (folder.isEmpty()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the settings say tokenizer = bpe, and there is none",
          "",
          "give --tokenizer DIR, such as the output of wordmill tokenizer train");
    }
    return new TokenizerFolder(folder, new Configuration()).openBpe();
  }

  private Config settings(RunFile saved) {
    List<String> changes = new ArrayList<>();
    if (tokenizer != null) {
      changes.add("tokenizer=bpe");
    }
    changes.addAll(assignments);
    if (config != null) {
      return Settings.load(config, changes);
    }
    if (resume) {
      return Settings.parse(saved.path(), saved.read(), changes);
    }
    throw new WordmillException(
        ExitCode.USAGE,
        "there are no settings",
        "wordmill train",
        "give --config FILE, or one of the presets " + String.join(", ", Presets.names()));
  }

  /**
   * Trains on a Spark of its own, tells the settings at the start and writes them beside the
   * checkpoints, and shows the progress.
   */
  static TrainingReport train(
      TrainingJob job, Config settings, Console console, TrainingListener listener) {
    String rendered = Settings.render(settings);
    // Spark starts meanwhile.
    job.config().kernels().loadAhead();
    try (SparkRun spark = SparkRun.forTraining("train")) {
      TrainingListener saving =
          new TrainingListener() {
            @Override
            public void started(TrainingConfig config, long step, long parameters, String sync) {
              console.note("settings of this run, also in " + job.output() + "/config.conf:");
              rendered.lines().forEach(line -> console.note("  " + line));
              new RunFile(job.output(), "config.conf", spark.context().hadoopConfiguration())
                  .ensure(rendered);
            }
          };
      return DataParallelTrainer.train(
          spark.context(),
          job,
          machine(spark, console, job.config()),
          TrainingListener.all(
              List.of(
                  saving,
                  new TrainingProgress(
                      console, config -> TrainingMemory.room(config, spark.context().getConf())),
                  listener)));
    }
  }

  /**
   * What this machine does in matrix products, where all of the training is here, and is looked at
   * or long enough to be worth it.
   */
  private static Optional<MatrixRate> machine(
      SparkRun spark, Console console, TrainingConfig config) {
    boolean worthIt = console.terminal() || config.schedule().steps() >= MEASURED_STEPS;
    return worthIt && spark.context().master().startsWith("local")
        ? Optional.of(MatrixRate.measure(config.kernels(), MEASURING))
        : Optional.empty();
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
