package org.wordmill.ngram;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The choices of estimation, of interpolated modified Kneser-Ney and of a {@link CountSmoothing}.
 *
 * @param order N, the length of the longest n-grams, at least 1
 * @param prune by order, an n-gram whose raw count is at most this is left out of the model; N
 *     values that do not decrease, 0 for no pruning
 * @param interpolateUnigrams whether unigrams are interpolated with the uniform distribution over
 *     the vocabulary; if not, {@code <unk>} gets all the mass that the discounts free
 * @param fallbackDiscounts used for an order whose counts of counts give no discounts; null makes
 *     that an error
 */
public record KneserNeyOptions(
    int order, List<Long> prune, boolean interpolateUnigrams, @Nullable Discounts fallbackDiscounts)
    implements Serializable {

  /** The longest n-grams; a bound on recursion and on buffers, far above what text can fill. */
  public static final int MAX_ORDER = 32;

  /** No pruning, interpolated unigrams, no fallback: what KenLM's lmplz does by default. */
  public static KneserNeyOptions ofOrder(int order) {
    return new KneserNeyOptions(
        order, LongStream.generate(() -> 0).limit(Math.max(0, order)).boxed().toList(), true, null);
  }

  public KneserNeyOptions {
    if (order < 1 || order > MAX_ORDER) {
      throw usage("the order is " + order + ", expected 1 to " + MAX_ORDER, "--order");
    }
    prune = List.copyOf(prune);
    if (prune.size() != order) {
      throw usage(prune.size() + " pruning thresholds for order " + order, "--prune");
    }
    for (int i = 0; i < order; i++) {
      if (prune.get(i) < 0 || (i > 0 && prune.get(i) < prune.get(i - 1))) {
        throw usage(
            "the pruning thresholds " + prune + " are negative or decrease at order " + (i + 1),
            "--prune");
      }
    }
  }

  /**
   * Pruning thresholds as on the command line: {@code 0,0,1}; the last one holds for all higher
   * orders.
   */
  public KneserNeyOptions withPruning(String thresholds) {
    long[] prune = new long[order];
    String[] parts = thresholds.split(",", -1);
    if (parts.length > order) {
      throw usage(parts.length + " pruning thresholds for order " + order, "--prune " + thresholds);
    }
    for (int i = 0; i < parts.length; i++) {
      try {
        Arrays.fill(prune, i, order, Long.parseLong(parts[i].strip()));
      } catch (NumberFormatException e) {
        throw usage("'" + parts[i] + "' is not a pruning threshold", "--prune " + thresholds);
      }
    }
    return new KneserNeyOptions(
        order, Arrays.stream(prune).boxed().toList(), interpolateUnigrams, fallbackDiscounts);
  }

  public KneserNeyOptions withInterpolateUnigrams(boolean choice) {
    return new KneserNeyOptions(order, prune, choice, fallbackDiscounts);
  }

  public KneserNeyOptions withFallbackDiscounts(Discounts discounts) {
    return new KneserNeyOptions(order, prune, interpolateUnigrams, discounts);
  }

  public Optional<Discounts> fallback() {
    return Optional.ofNullable(fallbackDiscounts);
  }

  /** The pruning threshold of an order, 1..N. */
  public long threshold(int ofOrder) {
    return prune.get(ofOrder - 1);
  }

  private static WordmillException usage(String what, String where) {
    return new WordmillException(ExitCode.USAGE, what, where, "");
  }
}
