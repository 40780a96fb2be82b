package org.wordmill.train;

/**
 * Sums over the targets of a batch or a part of one; the gradient that belongs to it is a sum too.
 * Sums add up over parts, and are divided by the number of targets once.
 *
 * @param loss the sum of -log p(target), natural logarithm
 * @param tokens the number of targets
 */
public record BatchSum(double loss, long tokens) {

  /** Nothing. */
  public static final BatchSum ZERO = new BatchSum(0, 0);

  public BatchSum plus(BatchSum other) {
    return new BatchSum(loss + other.loss, tokens + other.tokens);
  }

  /** Nats per token. */
  public double meanLoss() {
    return loss / tokens;
  }
}
