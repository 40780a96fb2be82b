package org.wordmill.submit.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.ModelConfigs;
import org.wordmill.tape.Recomputation;
import org.wordmill.train.Batching;
import org.wordmill.train.Optimization;
import org.wordmill.train.Schedule;
import org.wordmill.train.TrainingConfig;
import org.wordmill.trainer.Synchronization;

/**
 * Everything that a preset or a settings file says about a training run, in the names of the
 * records that it becomes.
 *
 * @param tokenizer what a token is
 * @param sync how workers come by parameters and gradients; changes no result
 */
public record TrainingSettings(
    TokenizerKind tokenizer,
    ModelConfig model,
    Batching batching,
    Optimization optimization,
    Schedule schedule,
    KernelChoice kernels,
    Synchronization sync,
    Recomputation recompute,
    long seed) {

  /** What a token is. */
  public enum TokenizerKind {
    /** A Unicode code point, line ends too; the vocabulary is that of the training text. */
    CHARACTERS
  }

  private static final RecordBinder BINDER =
      new RecordBinder(Map.of(ModelConfig.class, ModelConfigs.kinds()));

  /** The tokenizer decides the size of the vocabulary, and memory is seldom scarce. */
  private static final Config DEFAULTS =
      ConfigFactory.parseMap(
          Map.of("model.vocabulary_size", 0, "sync", "auto", "recompute", "none"), "default");

  /**
   * Reads a file or preset.
   *
   * @see Settings#load
   */
  public static TrainingSettings load(String fileOrPreset, List<String> assignments) {
    return of(Settings.load(fileOrPreset, assignments));
  }

  /** The settings as records. */
  public static TrainingSettings of(Config config) {
    return BINDER.bind(TrainingSettings.class, config.withFallback(DEFAULTS).root());
  }

  /** What the trainer takes; the vocabulary is still open. */
  public TrainingConfig training() {
    return new TrainingConfig(model, batching, optimization, schedule, kernels, recompute, seed);
  }
}
