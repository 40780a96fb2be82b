package org.wordmill.tape;

import java.util.Arrays;

/**
 * A learned tensor as modules know it: a name, a shape, how it starts, and whether weight decay
 * applies. It holds no numbers; those are a view of a {@link ParameterVector}, so that several
 * tapes can run the same modules on different vectors at once. Two parameters are the same only if
 * they are the same object (that is how weights are tied).
 */
public final class Parameter {
  private final String name;
  private final int[] shape;
  private final Initializer initializer;

  /**
   * @param name the full name in files, for example {@code h.0.attn.c_attn.weight}
   */
  public Parameter(String name, Initializer initializer, int... shape) {
    this.name = name;
    this.initializer = initializer;
    this.shape = shape.clone();
  }

  public String name() {
    return name;
  }

  public int[] shape() {
    return shape.clone();
  }

  public Initializer initializer() {
    return initializer;
  }

  /**
   * The number of elements.
   *
   * @throws ArithmeticException when no long can hold it
   */
  public long size() {
    long size = 1;
    for (int extent : shape) {
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }

  /** Whether weight decay applies: to matrices, not to gains and biases. */
  public boolean decays() {
    return shape.length >= 2;
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape);
  }
}
