package org.wordmill.tape;

import java.util.IdentityHashMap;
import java.util.Map;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * What the modules of a network remember of the first positions of one sequence, so that an
 * evaluation can continue the sequence instead of reading it again; for attention, the key-value
 * cache. A module that looks back has one tensor here, with a row for each position.
 *
 * <p>Whoever runs the network says how far the sequence goes: the rows below {@link #length} are
 * valid, a run that {@link Tape#resume continues} writes those behind them, and {@link #extend}
 * makes them valid once every module has run. A network that applies one looking-back module twice
 * in a run cannot be continued, because both would write the same rows. One thread at a time.
 */
public final class SequenceCache {
  private final Kernels kernels;
  private final int capacity;
  private final Map<LeafModule, Tensor> tensors = new IdentityHashMap<>();
  private int length;

  /**
   * @param kernels those of the tapes that use this
   * @param capacity the most positions
   */
  public SequenceCache(Kernels kernels, int capacity) {
    this.kernels = kernels;
    this.capacity = capacity;
  }

  /** How many positions are remembered. */
  public int length() {
    return length;
  }

  /** The rows [{@link #length} and more, columns] of one module; memory comes with first use. */
  public Tensor of(LeafModule module, int columns) {
    Tensor known = tensors.computeIfAbsent(module, m -> kernels.zeros(capacity, columns));
    if (known.columns() != columns) {
      throw new IllegalStateException(
          module + " remembered rows of " + known.columns() + " numbers, and now wants " + columns);
    }
    return known;
  }

  /** Counts {@code positions} more, which a run has just written. */
  public void extend(int positions) {
    if (positions < 0 || length + positions > capacity) {
      throw new IllegalArgumentException(
          positions + " positions behind " + length + " in a cache of " + capacity);
    }
    length += positions;
  }

  /** Forgets all but the first {@code positions}. */
  public void truncate(int positions) {
    if (positions < 0 || positions > length) {
      throw new IllegalArgumentException("a cache of " + length + " has no first " + positions);
    }
    length = positions;
  }

  /** Becomes a copy of the first {@code positions} of another cache, of the same capacity. */
  public void copyFrom(SequenceCache other, int positions) {
    if (positions < 0 || positions > other.length || positions > capacity) {
      throw new IllegalArgumentException(
          "a cache of " + other.length + " has no first " + positions);
    }
    length = 0;
    if (positions > 0) {
      other.tensors.forEach(
          (module, source) -> {
            int columns = source.columns();
            Tensor target = of(module, columns).view(0, positions, columns);
            kernels.copy(source.view(0, positions, columns), target, false);
          });
    }
    length = positions;
  }
}
