package org.wordmill.train;

import java.util.Arrays;

/** The times of steps, gathered one by one: 8 bytes a step. Not thread-safe. */
final class StepTimes {
  private double[] seconds = new double[64];
  private int count;

  void add(double stepSeconds) {
    if (count == seconds.length) {
      seconds = Arrays.copyOf(seconds, 2 * count);
    }
    seconds[count++] = stepSeconds;
  }

  /** Sums up the steps since the last call; a percentile is the time of one of them. */
  StepSeconds take() {
    Arrays.sort(seconds, 0, count);
    StepSeconds summary =
        new StepSeconds(
            percentile(0.5), percentile(0.9), count == 0 ? Double.NaN : seconds[count - 1]);
    count = 0;
    return summary;
  }

  private double percentile(double share) {
    return count == 0 ? Double.NaN : seconds[(int) Math.ceil(share * count) - 1];
  }
}
