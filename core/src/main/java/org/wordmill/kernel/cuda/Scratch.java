package org.wordmill.kernel.cuda;

import java.util.EnumMap;
import java.util.Map;

/**
 * Device memory for what lives within one call of the kernels, one piece for each use. A piece
 * grows to what the largest call needs and is then used again, so steady training allocates
 * nothing.
 */
final class Scratch {
  /** What a piece is used for; two pieces of different use may be alive at once. */
  enum Use {
    ATTENTION,
    COLUMN_PARTIALS,
    SUMS,
    IDS,
    OCCURRENCES,
    WINDOWS,
    SEEN
  }

  private final Device device;
  private final Map<Use, CudaMemory> pieces = new EnumMap<>(Use.class);

  Scratch(Device device) {
    this.device = device;
  }

  /** {@code count} real numbers of the device's precision, with arbitrary contents. */
  Arguments.Region reals(Use use, long count) {
    return new Arguments.Region('r', piece(use, count * device.precision().bytes()));
  }

  Arguments.Region doubles(Use use, long count) {
    return new Arguments.Region('d', piece(use, count * Double.BYTES));
  }

  /** A copy of {@code values} on the device. */
  Arguments.Region ints(Use use, int[] values) {
    long address = piece(use, (long) values.length * Integer.BYTES);
    device.write(address, values);
    return new Arguments.Region('i', address);
  }

  private long piece(Use use, long bytes) {
    CudaMemory known = pieces.get(use);
    long elements = Grid.ceilDiv(bytes, device.precision().bytes());
    if (known == null || known.size() < elements) {
      if (known != null) {
        known.free();
      }
      known = new CudaMemory(device, elements);
      pieces.put(use, known);
    }
    return known.address();
  }
}
