package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.Manifest;
import org.wordmill.checkpoint.SavedModel;
import org.wordmill.checkpoint.Snapshot;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.checkpoint.TrainedModels;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.MatrixRate;
import org.wordmill.model.TrainedTagger;
import org.wordmill.text.Tokenizer;
import org.wordmill.train.EvaluationStep;
import org.wordmill.train.EventLog;
import org.wordmill.train.Examples;
import org.wordmill.train.MetricsLog;
import org.wordmill.train.MixPlan;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;
import org.wordmill.train.TrainingLoop;
import org.wordmill.train.TrainingReport;
import org.wordmill.train.TrainingState;
import org.wordmill.train.TrainingText;
import org.wordmill.train.WorkerSync;

/**
 * Trains a language model or a tagger data-parallel on Spark, from text in files to a directory of
 * checkpoints.
 *
 * <p>The same configuration and text give the same bits whatever the cluster, the order in which
 * tasks end, and the executors that are lost; the number of partitions is part of the
 * configuration. A run that was ended by anything goes on from its newest checkpoint with exactly
 * the steps it would have made.
 */
public final class DataParallelTrainer {
  private DataParallelTrainer() {}

  /**
   * Runs a training job.
   *
   * @param listener told of every step, on this thread
   * @throws WordmillException for every fault that the user can act on
   */
  public static TrainingReport train(
      JavaSparkContext spark, TrainingJob job, TrainingListener listener) {
    return train(spark, job, Optional.empty(), listener);
  }

  /**
   * Runs a training job on a machine that was measured.
   *
   * @param machine where all of the training is on this machine, what it can do
   * @param listener told of every step, on this thread
   * @throws WordmillException for every fault that the user can act on
   */
  public static TrainingReport train(
      JavaSparkContext spark,
      TrainingJob job,
      Optional<MatrixRate> machine,
      TrainingListener listener) {
    requireValidation(job);
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    String run = UUID.randomUUID().toString();
    try {
      return train(spark, job, hadoop, run, machine, listener);
    } catch (Exception e) {
      // Scala methods throw checked exceptions that Java does not see declared.
      throw TrainerFaults.unwrap(e);
    } finally {
      spark.setJobDescription(null);
      ExecutorShare.forget(run);
      hadoop.destroy();
    }
  }

  private static void requireValidation(TrainingJob job) {
    if (job.validation().isEmpty() && job.config().schedule().evaluationInterval() > 0) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no validation text, and the schedule evaluates every "
              + job.config().schedule().evaluationInterval()
              + " steps",
          "",
          "give validation text, or set the evaluation interval to 0");
    }
  }

  private static TrainingReport train(
      JavaSparkContext spark,
      TrainingJob job,
      Broadcast<SerializableConfiguration> hadoop,
      String run,
      Optional<MatrixRate> machine,
      TrainingListener listener)
      throws IOException {
    Configuration configuration = spark.hadoopConfiguration();
    RunDirectory directory = new RunDirectory(job.output(), configuration);
    directory.prepare(job.resume(), job.overwrite());
    Corpora.Prepared corpora =
        new Corpora(spark, hadoop, directory.root(), listener::notice).prepare(job);
    TrainingConfig config = settled(job.config(), corpora.tokenizer());
    TokenIndex training = corpora.training();
    Optional<MixPlan> mix = MixPlan.of(config, training.tokens(job.sources().size()));
    long examples =
        mix.map(MixPlan::windows)
            .orElseGet(() -> Examples.perEpoch(config, training.tokens(), training.sentences()));
    EvaluationStep.requireTokens(corpora.validation().tokens(), config.schedule());
    TrainingText text = new TrainingText(corpora.tokenizerFile(), training.checksum(), examples);

    Checkpoints checkpoints =
        new Checkpoints(
            new HadoopCheckpointStore(RunDirectory.checkpoints(directory.root()), configuration),
            listener::notice);
    RunMemory.require(spark.sc().master(), config);
    TrainingState state = new TrainingState(config);
    if (job.overwrite()) {
      // Text, settings and memory are seen to be good: from here on the new run takes the place.
      directory.clear(false);
    }
    Optional<Manifest> restored =
        job.resume() ? state.restoreNewest(checkpoints, text) : Optional.empty();
    requireStepsLeft(config, state.step());
    restored.flatMap(state::kernelsChanged).ifPresent(listener::notice);
    if (job.resume() && restored.isEmpty()) {
      listener.notice("there is no checkpoint to resume from; the run begins at its first step");
    }
    if (restored.isEmpty() && job.initial().isPresent()) {
      state.begin(job.initial().get(), checkpoints, text);
    }
    directory.write("config.json", config.toJson().toPrettyString() + "\n");
    RunSpec spec =
        new RunSpec(
            run,
            config,
            corpora.trainingStore().folder().toString(),
            corpora.validationStore().folder().toString(),
            hadoop);
    try (WorkerSync sync =
            job.synchronization().start(spark, spec, state, checkpoints, listener::notice);
        MetricsLog metrics = directory.metrics(state.step(), config.schedule());
        EventLog events = directory.events(state.step(), config.schedule())) {
      TrainingListener all =
          TrainingListener.all(
              List.of(
                  metrics,
                  events,
                  TrainingGauges.listener(),
                  pointer(checkpoints, directory),
                  listener));
      mix.ifPresent(all::mixed);
      machine.ifPresent(all::measured);
      return new TrainingLoop(state, sync, checkpoints, text, all).run();
    }
  }

  /** Keeps the name of the best checkpoint in a file, for those who look from outside. */
  private static TrainingListener pointer(Checkpoints checkpoints, RunDirectory directory) {
    return new TrainingListener() {
      @Override
      public void saved(long step, String saved) {
        directory.pointTo(checkpoints.best().map(Manifest::directory).orElse(saved));
      }
    };
  }

  private static void requireStepsLeft(TrainingConfig config, long step) {
    if (step > config.schedule().steps()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the run has made " + step + " steps, and the schedule has " + config.schedule().steps(),
          "",
          "give it more steps, or leave it as it is");
    }
  }

  /** The configuration with the tokenizer's vocabulary, which it may have said already. */
  private static TrainingConfig settled(TrainingConfig config, Tokenizer tokenizer) {
    int vocabularySize = tokenizer.vocabulary().size();
    int said = config.model().vocabularySize();
    if (said != 0 && said != vocabularySize) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the model has a vocabulary of " + said + ", the tokenizer one of " + vocabularySize,
          "",
          "leave the model's vocabulary size out");
    }
    return config.withModel(config.model().settledFor(tokenizer));
  }

  /**
   * Writes a model that was not trained here as the output of a run that has made no step.
   *
   * @param output not there, or empty
   * @param overwrite whether an earlier run, or model, in it gives way
   * @return the name of the checkpoint's directory
   * @throws WordmillException STORAGE when it is there, or cannot be written
   */
  public static String save(
      String output, Configuration configuration, Snapshot snapshot, boolean overwrite) {
    RunDirectory directory = new RunDirectory(output, configuration);
    directory.prepare(false, overwrite);
    if (overwrite) {
      directory.clear(true);
    }
    Path checkpoints = RunDirectory.checkpoints(directory.root());
    try {
      directory.write(Checkpoints.TOKENIZER, snapshot.tokenizer());
      return new Checkpoints(new HadoopCheckpointStore(checkpoints, configuration), notice -> {})
          .save(snapshot);
    } catch (IOException e) {
      directory.clear(true);
      throw HadoopFiles.fault("the model cannot be written", checkpoints, e);
    } catch (RuntimeException | FSError e) {
      // The latter is what Hadoop makes of a full disk of this machine.
      directory.clear(true);
      throw e;
    }
  }

  /**
   * Checks that {@link #save} may write, before any work is done.
   *
   * @throws WordmillException STORAGE when it may not
   */
  public static void requireFree(String output, Configuration configuration, boolean overwrite) {
    new RunDirectory(output, configuration).requireFree(false, overwrite);
  }

  /**
   * Opens the model that a run has left in its output directory, its best checkpoint first; or one
   * of its checkpoints, by the checkpoint's own directory.
   *
   * @param output of a {@link TrainingJob}, or one of {@link #checkpoints}
   * @param notices told, in a sentence, when a damaged checkpoint is passed over
   * @throws WordmillException STORAGE when there is none, CORRUPT when none is whole
   */
  public static TrainedModel open(
      String output, Configuration configuration, KernelChoice kernels, Consumer<String> notices) {
    return load(output, configuration, notices).languageModel(kernels);
  }

  /**
   * Opens a tagger, as {@link #open} does a language model.
   *
   * @throws WordmillException as {@link #open}
   */
  public static TrainedTagger openTagger(
      String output, Configuration configuration, KernelChoice kernels, Consumer<String> notices) {
    return load(output, configuration, notices).tagger(kernels);
  }

  /**
   * Reads a model of any kind, choosing its checkpoint as {@link #open} does.
   *
   * @throws WordmillException STORAGE when there is none, CORRUPT when none is whole
   */
  public static SavedModel load(
      String output, Configuration configuration, Consumer<String> notices) {
    Path root = new RunDirectory(output, configuration).root();
    try {
      Path parent = root.getParent();
      if (parent != null
          && HadoopFiles.of(root, configuration).exists(new Path(root, Manifest.FILE))) {
        return TrainedModels.load(
            new HadoopCheckpointStore(parent, configuration), root.getName(), notices);
      }
      requireOurs(root, configuration);
      return TrainedModels.load(
          new HadoopCheckpointStore(RunDirectory.checkpoints(root), configuration), notices);
    } catch (IOException e) {
      throw HadoopFiles.fault("the model cannot be opened", root, e);
    }
  }

  /** Tells a folder of Hugging Face, which many take for a model of ours, from one without any. */
  private static void requireOurs(Path root, Configuration configuration) throws IOException {
    FileSystem files = HadoopFiles.of(root, configuration);
    Path config = new Path(root, "config.json");
    if (files.exists(RunDirectory.checkpoints(root)) || !files.exists(config)) {
      return;
    }
    String kind =
        Json.parse(HadoopFiles.readText(files, config), config.toString())
            .path("model_type")
            .asText();
    if (!kind.isEmpty()) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "there is no trained model, but a folder of Hugging Face's transformers (" + kind + ")",
          root.toString(),
          "read it with wordmill import --input DIR --output MODEL, and give MODEL");
    }
  }

  /**
   * The directories of a run's complete checkpoints, oldest first; none when it has saved none.
   *
   * @param output of a {@link TrainingJob}
   * @param notices told, in a sentence, when a damaged checkpoint is passed over
   */
  public static List<String> checkpoints(
      String output, Configuration configuration, Consumer<String> notices) {
    Path place = RunDirectory.checkpoints(new RunDirectory(output, configuration).root());
    try {
      List<String> oldestFirst = new ArrayList<>();
      for (Manifest manifest :
          new Checkpoints(new HadoopCheckpointStore(place, configuration), notices).list()) {
        oldestFirst.add(0, new Path(place, manifest.directory()).toString());
      }
      return oldestFirst;
    } catch (IOException e) {
      throw HadoopFiles.fault("the checkpoints cannot be listed", place, e);
    }
  }
}
