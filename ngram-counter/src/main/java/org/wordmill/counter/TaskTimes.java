package org.wordmill.counter;

import java.util.Arrays;

/**
 * How evenly the work of a stage was dealt out, by the tasks of its longest part between two
 * shuffles. Where their bytes are even and their times are not, something else made a task long: a
 * slow machine, or Java, which compiles while the first tasks run.
 *
 * @param tasks how many tasks that part had
 * @param medianSeconds of one task
 * @param longestSeconds of one task
 * @param skew longest by median, 1 when all take the same time; times count as at least a
 *     millisecond
 * @param byteSkew most by median bytes that a task read of files and shuffles, 1 where none did
 */
public record TaskTimes(
    int tasks, double medianSeconds, double longestSeconds, double skew, double byteSkew) {

  /**
   * @param milliseconds one for each task, at least one
   * @param bytes that each task read
   */
  static TaskTimes of(long[] milliseconds, long[] bytes) {
    return new TaskTimes(
        milliseconds.length,
        median(milliseconds) / 1e3,
        Arrays.stream(milliseconds).max().orElseThrow() / 1e3,
        skew(milliseconds),
        skew(bytes));
  }

  private static double skew(long[] values) {
    return Math.max(1, Arrays.stream(values).max().orElseThrow()) / Math.max(1, median(values));
  }

  private static double median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
  }
}
