package org.wordmill.kernel.cuda;

import org.wordmill.kernel.Precision;

/**
 * A GPU as the kernels need it: memory by addresses, launches, and matrix products, all in the
 * order of the calls, whichever thread makes them. Addresses and lengths are in bytes.
 */
interface Device {

  /** What the real numbers of launches and products are. */
  Precision precision();

  /** The name of the hardware, for logs. */
  String hardware();

  /** New memory with arbitrary contents. */
  long allocate(long bytes);

  void free(long address);

  void read(long address, float[] into);

  void read(long address, double[] into);

  void write(long address, float[] from);

  void write(long address, double[] from);

  void write(long address, int[] from);

  void copy(long to, long from, long bytes);

  /**
   * Starts an entry point of the kernels' sources.
   *
   * @param arguments eight bytes for each parameter, as {@link Arguments} packs them
   */
  void launch(Entry entry, Grid grid, long[] arguments);

  /** Computes one matrix product, or a batch of them. */
  void multiply(Product product);
}
