package org.wordmill.kernel;

import org.nd4j.linalg.api.buffer.DataType;

/** The number format of a tensor: training runs in single precision, gradient checks in double. */
public enum Precision {
  FLOAT(DataType.FLOAT, Float.BYTES),
  DOUBLE(DataType.DOUBLE, Double.BYTES);

  private final DataType dataType;
  private final int bytes;

  Precision(DataType dataType, int bytes) {
    this.dataType = dataType;
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  DataType dataType() {
    return dataType;
  }
}
