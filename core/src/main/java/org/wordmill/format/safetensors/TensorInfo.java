package org.wordmill.format.safetensors;

import java.util.List;

/**
 * What a header says of one array.
 *
 * @param shape extents, the slowest first; empty for a single number
 * @param begin the first byte, counted from the end of the header
 * @param end the byte after the last
 */
public record TensorInfo(String name, Dtype dtype, List<Long> shape, long begin, long end) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** The number of elements. */
  public long size() {
    return (end - begin) / dtype.bytes();
  }
}
