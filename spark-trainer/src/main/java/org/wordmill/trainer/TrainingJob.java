package org.wordmill.trainer;

import java.util.List;
import java.util.Optional;
import org.wordmill.tape.ParameterVector;
import org.wordmill.train.TrainingConfig;

/**
 * A training run as a user asks for it.
 *
 * @param input paths of the training text: files, directories, globs
 * @param validation paths of the held-out text; may be empty when the schedule never evaluates
 * @param output the directory of the run: token shards, metrics, checkpoints
 * @param resume whether to go on from the newest checkpoint in {@code output}; without one, the run
 *     begins there
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
    Tokenization tokenization,
    Synchronization synchronization,
    TrainingConfig config,
    Optional<ParameterVector> initial) {

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
  }
}
