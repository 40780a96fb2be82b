package org.wordmill.kernel.cuda;

/**
 * How the sums over the rows of a matrix are divided: into chunks of rows that different blocks add
 * up, and whose partial sums are then added in order.
 */
record ColumnChunks(int chunks, int rowsPerChunk) {
  private static final int LEAST_ROWS = 64;
  private static final int MOST_CHUNKS = 256;

  static ColumnChunks of(int rows) {
    int wanted = (int) Math.min(MOST_CHUNKS, Grid.ceilDiv(rows, LEAST_ROWS));
    int rowsPerChunk = (int) Grid.ceilDiv(rows, wanted);
    return new ColumnChunks((int) Grid.ceilDiv(rows, rowsPerChunk), rowsPerChunk);
  }
}
