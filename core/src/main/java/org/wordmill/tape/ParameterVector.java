package org.wordmill.tape;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;

/**
 * One number for each element of a {@link ParameterLayout}, contiguous: the values of a model, or
 * its gradients, or a moment of an optimizer. A parameter is a named view of it.
 */
public final class ParameterVector {
  /** Elements drawn at a time: as many as the cache holds. */
  private static final int PIECE = 1 << 13;

  private final ParameterLayout layout;
  private final Tensor values;
  private final Map<Parameter, Tensor> views = new IdentityHashMap<>();

  /** A vector of zeros in ND4J's memory, to be moved by {@link #within}. */
  public ParameterVector(ParameterLayout layout, Precision precision) {
    this(layout, Tensor.zeroVector(precision, length(layout)));
  }

  /** A vector of zeros where {@code kernels} compute. */
  public ParameterVector(ParameterLayout layout, Kernels kernels) {
    this(layout, kernels.zeros(Math.toIntExact(length(layout))));
  }

  /** Views of {@code values}, which has at least as many elements as the layout. */
  ParameterVector(ParameterLayout layout, Tensor values) {
    this.layout = layout;
    this.values = values;
    for (Parameter parameter : layout.parameters()) {
      views.put(parameter, values.view(layout.offset(parameter), parameter.shape()));
    }
  }

  /** A module without parameters still gets a vector: one element that nobody names. */
  private static long length(ParameterLayout layout) {
    return Math.max(1, layout.size());
  }

  /** This vector, or a copy of it where {@code kernels} compute. */
  public ParameterVector within(Kernels kernels) {
    return kernels.reaches(values) ? this : new ParameterVector(layout, kernels.within(values));
  }

  public ParameterLayout layout() {
    return layout;
  }

  /** All elements. */
  public Tensor flat() {
    return values;
  }

  /** The view of one parameter, in its shape. */
  public Tensor of(Parameter parameter) {
    Tensor view = views.get(parameter);
    if (view == null) {
      throw new IllegalArgumentException(parameter + " does not belong to this model");
    }
    return view;
  }

  /**
   * Draws every parameter from its initializer. The numbers of a parameter depend on the seed and
   * its name alone, so they stay the same when a model gains or loses other parts.
   */
  public void initialize(long seed) {
    for (Parameter parameter : layout.parameters()) {
      SplittableRandom random =
          new SplittableRandom(seed * 0x9E3779B97F4A7C15L + parameter.name().hashCode());
      Tensor elements = of(parameter);
      double[] drawn = new double[(int) Math.min(PIECE, parameter.size())];
      float[] narrowed = new float[drawn.length];
      for (long at = 0; at < parameter.size(); at += drawn.length) {
        if (parameter.size() - at < drawn.length) {
          drawn = new double[(int) (parameter.size() - at)];
          narrowed = new float[drawn.length];
        }
        for (int i = 0; i < drawn.length; i++) {
          drawn[i] = parameter.initializer().draw(random);
          narrowed[i] = (float) drawn[i];
        }
        Tensor piece = elements.view(at, drawn.length);
        if (piece.precision() == Precision.FLOAT) {
          piece.copyFrom(narrowed);
        } else {
          piece.copyFrom(drawn);
        }
      }
    }
  }
}
