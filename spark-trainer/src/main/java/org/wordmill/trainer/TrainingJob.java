package org.wordmill.trainer;

import java.util.List;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.tape.ParameterVector;
import org.wordmill.train.DataMix;
import org.wordmill.train.TrainingConfig;

/**
 * A training run as a user asks for it.
 *
 * @param input paths of the training text: files, directories, globs; none when the configuration
 *     has a mix, whose sources name theirs
 * @param validation paths of the held-out text; may be empty when the schedule never evaluates
 * @param output the directory of the run: token shards, metrics, checkpoints
 * @param resume whether to go on from the newest checkpoint in {@code output}; without one, the run
 *     begins there
 * @param overwrite whether a run that is in {@code output} gives way, when this one begins to train
 * @param synchronization how workers come by parameters and gradients
 * @param config whose vocabulary size is 0, or the tokenizer's
 * @param initial the parameters to begin with, of the layout of the configuration's model; when
 *     empty, they are drawn from their initializers
 */
public record TrainingJob(
    List<String> input,
    List<String> validation,
    String output,
    boolean resume,
    boolean overwrite,
    Tokenization tokenization,
    Synchronization synchronization,
    TrainingConfig config,
    Optional<ParameterVector> initial) {

  /** A run that replaces no other. */
  public TrainingJob(
      List<String> input,
      List<String> validation,
      String output,
      boolean resume,
      Tokenization tokenization,
      Synchronization synchronization,
      TrainingConfig config,
      Optional<ParameterVector> initial) {
    this(input, validation, output, resume, false, tokenization, synchronization, config, initial);
  }

  /** A run that begins with random parameters. */
  public TrainingJob(
      List<String> input,
      List<String> validation,
      String output,
      boolean resume,
      Tokenization tokenization,
      Synchronization synchronization,
      TrainingConfig config) {
    this(
        input, validation, output, resume, tokenization, synchronization, config, Optional.empty());
  }

  public TrainingJob {
    input = List.copyOf(input);
    validation = List.copyOf(validation);
    if (resume && overwrite) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a run is to be resumed and to be replaced",
          output,
          "give one of --resume and --overwrite");
    }
    synchronization.requireRounds(config.outer());
    synchronization.requireWorkersThatStay(config.topK());
    boolean mixed = config.mix().isPresent();
    if (mixed != input.isEmpty()) {
      throw new WordmillException(
          ExitCode.USAGE,
          mixed
              ? "there is an input, and the settings have a mix, whose sources are the input"
              : "there is no training text",
          String.join(", ", input),
          mixed
              ? "leave out the input, or set mix = []"
              : "give an input, or a mix of sources in the settings");
    }
  }

  /** The paths of each source of the training text, which is one where nothing is mixed. */
  List<List<String>> sources() {
    return config.mix().isPresent()
        ? config.mix().sources().stream().map(DataMix.Source::source).toList()
        : List.of(input);
  }
}
