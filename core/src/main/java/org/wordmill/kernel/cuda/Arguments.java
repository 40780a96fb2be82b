package org.wordmill.kernel.cuda;

import org.wordmill.kernel.Tensor;

/**
 * The arguments of a launch, each in eight bytes: an address, a count, or the bits of a double.
 * Tensors are pointers to real numbers, {@link Region}s to what they say; a boolean is a count.
 */
final class Arguments {

  /**
   * Scratch memory.
   *
   * @param kind the letter of {@link Entry} for what lies there
   */
  record Region(char kind, long address) {}

  private Arguments() {}

  /**
   * @throws IllegalArgumentException if {@code values} are not what {@code entry} takes
   */
  static long[] pack(Entry entry, Object... values) {
    String kinds = entry.parameters();
    if (values.length != kinds.length()) {
      throw new IllegalArgumentException(
          entry + " takes " + kinds.length() + " arguments, got " + values.length);
    }
    long[] packed = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (kind(value) != kinds.charAt(i)) {
        throw new IllegalArgumentException(
            "argument %d of %s must be of kind %c, got %s"
                .formatted(i, entry, kinds.charAt(i), value));
      }
      packed[i] = bits(value);
    }
    return packed;
  }

  private static char kind(Object value) {
    if (value instanceof Region region) {
      return region.kind();
    }
    if (value instanceof Tensor) {
      return 'r';
    }
    return value instanceof Double ? 'x' : 'n';
  }

  private static long bits(Object value) {
    if (value instanceof Region region) {
      return region.address();
    }
    if (value instanceof Tensor tensor) {
      return CudaMemory.address(tensor);
    }
    if (value instanceof Double number) {
      return Double.doubleToRawLongBits(number);
    }
    if (value instanceof Boolean yes) {
      return yes ? 1 : 0;
    }
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new IllegalArgumentException("a kernel takes no " + value.getClass());
  }
}
