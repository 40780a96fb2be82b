package org.wordmill.kernel;

import java.util.Arrays;

/** Memory in Java's heap, which ND4J cannot reach: in tests it stands for that of a device. */
public final class HeapMemory implements Memory {
  private final Precision precision;
  private final double[] elements;

  public HeapMemory(Precision precision, long size) {
    this.precision = precision;
    this.elements = new double[Math.toIntExact(size)];
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public long size() {
    return elements.length;
  }

  @Override
  public void read(long offset, float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = (float) elements[(int) offset + i];
    }
  }

  @Override
  public void read(long offset, double[] into) {
    System.arraycopy(elements, (int) offset, into, 0, into.length);
  }

  @Override
  public void write(long offset, float[] from) {
    for (int i = 0; i < from.length; i++) {
      elements[(int) offset + i] = from[i];
    }
  }

  @Override
  public void write(long offset, double[] from) {
    System.arraycopy(from, 0, elements, (int) offset, from.length);
  }

  @Override
  public void fill(long offset, long count, double value) {
    Arrays.fill(elements, (int) offset, (int) (offset + count), value);
  }

  @Override
  public boolean copy(long offset, Memory source, long sourceOffset, long count) {
    if (!(source instanceof HeapMemory other) || other.precision != precision) {
      return false;
    }
    System.arraycopy(other.elements, (int) sourceOffset, elements, (int) offset, (int) count);
    return true;
  }
}
