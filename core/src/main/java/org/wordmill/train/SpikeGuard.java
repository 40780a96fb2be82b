package org.wordmill.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the steps whose loss or gradient norm is an outlier: more than so many standard deviations
 * above the mean of the last {@value #WINDOW} steps that made an update. It says nothing until so
 * many have been made.
 *
 * <p>A verdict is a function of the losses and norms of those steps alone, added up from the oldest
 * to the newest. They are kept whether anybody asks or not, and are part of a checkpoint.
 *
 * <p>Source: the outlier detector of llm.c; there an outlier enters the history too, here it does
 * not.
 */
final class SpikeGuard {
  /** The steps of the history. */
  static final int WINDOW = 128;

  private static final String LOSSES = "losses";
  private static final String NORMS = "gradient_norms";

  private final double threshold;
  private final Deque<Double> losses = new ArrayDeque<>();
  private final Deque<Double> norms = new ArrayDeque<>();

  /**
   * @param threshold standard deviations above the mean; 0 finds no outliers
   */
  SpikeGuard(double threshold) {
    this.threshold = threshold;
  }

  /** Why a step whose numbers are finite is an outlier, in words; empty when it is none. */
  Optional<String> objection(double loss, double norm) {
    if (threshold == 0) {
      return Optional.empty();
    }
    return objection("the loss", loss, losses)
        .or(() -> objection("the norm of the gradient", norm, norms));
  }

  private Optional<String> objection(String name, double value, Deque<Double> history) {
    double deviations = deviations(value, history);
    return deviations > threshold
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s is %.4g, %.1f standard deviations above the mean of the last %d updates,",
                name,
                value,
                deviations,
                WINDOW))
        : Optional.empty();
  }

  /** The z-score; NaN while there is no history, or one of equal numbers. */
  private static double deviations(double value, Deque<Double> history) {
    if (history.size() < WINDOW) {
      return Double.NaN;
    }
    double sum = 0;
    for (double x : history) {
      sum += x;
    }
    double mean = sum / WINDOW;
    double squares = 0;
    for (double x : history) {
      squares += (x - mean) * (x - mean);
    }
    double deviation = Math.sqrt(squares / WINDOW);
    return deviation > 0 ? (value - mean) / deviation : Double.NaN;
  }

  /** A step was made whose numbers are finite and no outliers. */
  void add(double loss, double norm) {
    add(loss, losses);
    add(norm, norms);
  }

  private static void add(double value, Deque<Double> history) {
    if (history.size() == WINDOW) {
      history.removeFirst();
    }
    history.addLast(value);
  }

  /** The numbers of the last updates, the oldest first, as a checkpoint keeps them. */
  Map<String, List<Double>> history() {
    return Map.of(LOSSES, List.copyOf(losses), NORMS, List.copyOf(norms));
  }

  /** Goes on from a checkpoint; older ones have no history, and the guard waits for a new one. */
  void restore(Map<String, List<Double>> history) {
    losses.clear();
    norms.clear();
    history.getOrDefault(LOSSES, List.of()).forEach(loss -> add(loss, losses));
    history.getOrDefault(NORMS, List.of()).forEach(norm -> add(norm, norms));
  }
}
