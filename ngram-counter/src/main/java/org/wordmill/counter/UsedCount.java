package org.wordmill.counter;

/** Which count of an n-gram a smoothing takes. */
enum UsedCount {
  /** The distinct words before it; how often it occurs where nothing can stand before it. */
  ADJUSTED,

  /** How often it occurs. */
  RAW,

  /** How often it occurs, if it has the highest order or begins with {@code <s>}; else 0. */
  RAW_OF_LONGEST_CONTEXTS;

  /**
   * The count of an n-gram.
   *
   * @param longest whether it has the highest order or begins with {@code <s>}
   */
  long of(long adjusted, long raw, boolean longest) {
    return switch (this) {
      case ADJUSTED -> adjusted;
      case RAW -> raw;
      case RAW_OF_LONGEST_CONTEXTS -> longest ? raw : 0;
    };
  }
}
