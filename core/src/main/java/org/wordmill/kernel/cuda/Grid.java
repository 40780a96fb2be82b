package org.wordmill.kernel.cuda;

/**
 * How many threads a launch has: {@code blocksX * blocksY} blocks of {@code threadsX * threadsY}
 * threads each. A function of the shapes alone, because the order of sums follows from it.
 */
record Grid(int blocksX, int blocksY, int threadsX, int threadsY) {
  /** Threads of a block; the sources are compiled for no more. */
  static final int THREADS = 256;

  /** Columns that a block has side by side when it sums rows, and the rows it takes at once. */
  static final int COLUMNS_OF_BLOCK = 32;

  static final int ROWS_OF_BLOCK = 8;

  private static final int WARP = 32;
  private static final int MOST_BLOCKS = 1 << 16;
  private static final int MOST_SUMMING_BLOCKS = 1024;

  /** Up to this many columns, a row is the work of one warp. */
  private static final int COLUMNS_OF_WARP = 1024;

  /** A thread for each element, or one for many of them. */
  static Grid elements(long count) {
    return new Grid((int) Math.min(MOST_BLOCKS, ceilDiv(count, THREADS)), 1, THREADS, 1);
  }

  /** A warp or a block for each row. */
  static Grid rows(int rows, int columns) {
    return columns <= COLUMNS_OF_WARP
        ? new Grid((int) ceilDiv(rows, THREADS / WARP), 1, WARP, THREADS / WARP)
        : new Grid(rows, 1, THREADS, 1);
  }

  /** Blocks that each add up a share of the elements, at least 16 for every thread. */
  static Grid sum(long count) {
    long blocks = ceilDiv(count, 16L * THREADS);
    return new Grid((int) Math.min(MOST_SUMMING_BLOCKS, blocks), 1, THREADS, 1);
  }

  /** One block. */
  static Grid single() {
    return new Grid(1, 1, THREADS, 1);
  }

  /** A block for each 32 columns of each chunk of rows. */
  static Grid columns(int columns, int chunks) {
    return new Grid(
        (int) ceilDiv(columns, COLUMNS_OF_BLOCK), chunks, COLUMNS_OF_BLOCK, ROWS_OF_BLOCK);
  }

  /** Blocks for each of {@code rows} rows, a thread for each column. */
  static Grid tableRows(int rows, int columns) {
    return new Grid(rows, (int) ceilDiv(columns, THREADS), THREADS, 1);
  }

  static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }
}
