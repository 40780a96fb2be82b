package org.wordmill.trainer;

/** Things with their number, in the sentences that describe jobs on Spark's pages. */
final class Plural {
  private Plural() {}

  /** {@code 1 split}, {@code 3 splits}. */
  static String of(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
