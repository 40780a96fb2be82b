package org.wordmill.kernel;

import java.util.Arrays;

/**
 * Numbers that nobody needs: there is a size and no room, reads give zeros, writes are forgotten.
 */
final class DryMemory implements Memory {
  private final Precision precision;
  private final long size;

  DryMemory(Precision precision, long size) {
    this.precision = precision;
    this.size = size;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, float[] into) {
    Arrays.fill(into, 0);
  }

  @Override
  public void read(long offset, double[] into) {
    Arrays.fill(into, 0);
  }

  @Override
  public void write(long offset, float[] from) {}

  @Override
  public void write(long offset, double[] from) {}

  @Override
  public void fill(long offset, long count, double value) {}

  @Override
  public boolean copy(long offset, Memory source, long sourceOffset, long count) {
    return true;
  }
}
