package org.wordmill.counter;

import java.util.Arrays;

/**
 * How evenly the work of a stage was dealt out: the running times of the tasks of its longest part
 * between two shuffles.
 *
 * @param tasks how many tasks that part had
 * @param medianSeconds of one task
 * @param longestSeconds of one task
 * @param skew longest by median, 1 when all take the same time; times count as at least a
 *     millisecond
 */
public record TaskTimes(int tasks, double medianSeconds, double longestSeconds, double skew) {

  /**
   * @param milliseconds one for each task, at least one
   */
  static TaskTimes of(long[] milliseconds) {
    long[] sorted = milliseconds.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
    double longest = sorted[n - 1];
    return new TaskTimes(
        n, median / 1e3, longest / 1e3, Math.max(1, longest) / Math.max(1, median));
  }
}
