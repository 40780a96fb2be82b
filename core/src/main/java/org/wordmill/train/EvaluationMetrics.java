package org.wordmill.train;

/**
 * A validation loss.
 *
 * @param step the steps made
 * @param validationLoss nats per token
 * @param tokens the targets it is the mean of
 * @param seconds it took
 * @param best whether it is the lowest of the run so far
 */
public record EvaluationMetrics(
    long step, double validationLoss, long tokens, double seconds, boolean best) {}
