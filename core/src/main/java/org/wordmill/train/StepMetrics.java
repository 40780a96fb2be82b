package org.wordmill.train;

/**
 * What is known of a step when it ends.
 *
 * @param step the steps made, this one included
 * @param loss nats per token, the mean over the step's batch, before the update
 * @param learningRate of this step
 * @param gradientNorm of the mean gradient, before clipping
 * @param tokens trained on since the beginning of the run
 * @param epochs of the training text since the beginning of the run; of a mix, windows divided by
 *     those that its sources have together
 * @param seconds of this step
 * @param tokensPerSecond of this step
 * @param syncSeconds of this step that no partition was computing
 * @param inputSeconds of this step that the slowest worker spent in getting its tokens
 * @param finite whether loss and gradient were
 * @param spike whether one of them was an outlier
 * @param skipped the steps since the beginning of the run, this one included, that made no update
 */
public record StepMetrics(
    long step,
    double loss,
    double learningRate,
    double gradientNorm,
    long tokens,
    double epochs,
    double seconds,
    double tokensPerSecond,
    double syncSeconds,
    double inputSeconds,
    boolean finite,
    boolean spike,
    long skipped) {

  /** Whether the update was made. */
  public boolean updated() {
    return finite && !spike;
  }
}
