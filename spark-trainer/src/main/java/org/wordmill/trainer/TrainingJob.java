package org.wordmill.trainer;

import java.util.List;
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
 */
public record TrainingJob(
    List<String> input,
    List<String> validation,
    String output,
    boolean resume,
    Tokenization tokenization,
    Synchronization synchronization,
    TrainingConfig config) {

  public TrainingJob {
    input = List.copyOf(input);
    validation = List.copyOf(validation);
  }
}
