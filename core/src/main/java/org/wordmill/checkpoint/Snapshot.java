package org.wordmill.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.ParameterLayout;

/**
 * The state of a training run between two steps, as it goes into a checkpoint.
 *
 * @param step the steps made so far
 * @param config everything the run depends on
 * @param kernels the name of those that computed the last step
 * @param tokenizer the tokenizer's file
 * @param layout what lies where in the vectors
 * @param vectors the flat vectors by name, {@link Checkpoints#PARAMETERS} among them; the run's
 *     own, not copies, and read only while the snapshot is being saved: by {@link
 *     Checkpoints#save}, or until {@link CheckpointDraft#awaitRead}
 * @param progress counters of the run by name
 * @param history numbers of the last steps by name, the oldest first
 * @param validationLoss nats per token at this step, when it was evaluated
 */
public record Snapshot(
    long step,
    JsonNode config,
    String kernels,
    String tokenizer,
    ParameterLayout layout,
    Map<String, Tensor> vectors,
    Map<String, Long> progress,
    Map<String, List<Double>> history,
    OptionalDouble validationLoss) {

  /** Of a run without a history. */
  public Snapshot(
      long step,
      JsonNode config,
      String kernels,
      String tokenizer,
      ParameterLayout layout,
      Map<String, Tensor> vectors,
      Map<String, Long> progress,
      OptionalDouble validationLoss) {
    this(step, config, kernels, tokenizer, layout, vectors, progress, Map.of(), validationLoss);
  }
}
