package org.wordmill.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J's arrays over the memory of tensors, for libraries that take nothing else. */
public final class Nd4jViews {
  private Nd4jViews() {}

  /**
   * The elements of {@code tensor} in its shape: what is written to the one is read in the other.
   *
   * @throws IllegalArgumentException if they do not lie in ND4J's memory
   */
  public static INDArray of(Tensor tensor) {
    return tensor.array();
  }
}
