package org.wordmill.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** AdamW on ranges of vectors, as a whole or in halves, whose bits are those of the whole. */
final class FusedAdamW {
  private final Lanes lanes;

  FusedAdamW(Lanes lanes) {
    this.lanes = lanes;
  }

  /** The numbers by which a gradient changes the moments, the same for every element. */
  record Moments(float gradientScale, float beta1, float beta2) {
    Moments(double gradientScale, double beta1, double beta2) {
      this((float) gradientScale, (float) beta1, (float) beta2);
    }
  }

  /** The numbers by which the moments change parameters, the same for every element. */
  private record Step(
      float rate, float epsilon, float decay, float correction1, float correction2) {
    Step(Kernels.AdamWStep a) {
      this(
          (float) a.rate(),
          (float) a.epsilon(),
          (float) a.decay(),
          (float) (1 / a.correction1()),
          (float) (1 / a.correction2()));
    }
  }

  void whole(Tensor w, Tensor g, Tensor m, Tensor v, Moments moments, Kernels.AdamWStep numbers) {
    Step step = new Step(numbers);
    for (long from = 0; from < w.size(); from += FusedKernels.PIECE) {
      Tensor piece = FusedKernels.piece(w, from);
      whole(
          piece.bytes(),
          bytes(g, from),
          bytes(m, from),
          bytes(v, from),
          Math.toIntExact(piece.size()),
          moments,
          step);
    }
    alive(w, g, m, v);
  }

  /** The first half of {@link #whole}. */
  void moments(Tensor g, Tensor m, Tensor v, Moments moments) {
    for (long from = 0; from < g.size(); from += FusedKernels.PIECE) {
      Tensor piece = FusedKernels.piece(g, from);
      moments(
          piece.bytes(), bytes(m, from), bytes(v, from), Math.toIntExact(piece.size()), moments);
    }
    alive(g, m, v);
  }

  /** The second half of {@link #whole}. */
  void step(Tensor w, Tensor m, Tensor v, Kernels.AdamWStep numbers) {
    Step step = new Step(numbers);
    for (long from = 0; from < w.size(); from += FusedKernels.PIECE) {
      Tensor piece = FusedKernels.piece(w, from);
      step(piece.bytes(), bytes(m, from), bytes(v, from), Math.toIntExact(piece.size()), step);
    }
    alive(w, m, v);
  }

  private static ByteBuffer bytes(Tensor x, long from) {
    return FusedKernels.piece(x, from).bytes();
  }

  /** Buffers do not keep the memory of their tensors; the tensors must outlive the loops. */
  private static void alive(Tensor... tensors) {
    Reference.reachabilityFence(tensors);
  }

  private void whole(
      ByteBuffer w, ByteBuffer g, ByteBuffer m, ByteBuffer v, int size, Moments moments, Step a) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector gradient = Lanes.load(g, i).mul(moments.gradientScale());
      FloatVector first = first(gradient, Lanes.load(m, i), moments);
      FloatVector second = second(gradient, Lanes.load(v, i), moments);
      Lanes.store(first, m, i);
      Lanes.store(second, v, i);
      Lanes.store(updated(Lanes.load(w, i), first, second, a), w, i);
    }
    int rest = size - whole;
    if (rest > 0) {
      restOfMoments(g, m, v, whole, rest, moments);
      restOfStep(w, m, v, whole, rest, a);
    }
  }

  private void moments(ByteBuffer g, ByteBuffer m, ByteBuffer v, int size, Moments a) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector gradient = Lanes.load(g, i).mul(a.gradientScale());
      Lanes.store(first(gradient, Lanes.load(m, i), a), m, i);
      Lanes.store(second(gradient, Lanes.load(v, i), a), v, i);
    }
    if (size > whole) {
      restOfMoments(g, m, v, whole, size - whole, a);
    }
  }

  private void step(ByteBuffer w, ByteBuffer m, ByteBuffer v, int size, Step a) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      Lanes.store(updated(Lanes.load(w, i), Lanes.load(m, i), Lanes.load(v, i), a), w, i);
    }
    if (size > whole) {
      restOfStep(w, m, v, whole, size - whole, a);
    }
  }

  private void restOfMoments(
      ByteBuffer g, ByteBuffer m, ByteBuffer v, int from, int rest, Moments a) {
    FloatVector gradient = lanes.load(g, from, rest, 0).mul(a.gradientScale());
    FloatVector first = first(gradient, lanes.load(m, from, rest, 0), a);
    FloatVector second = second(gradient, lanes.load(v, from, rest, 0), a);
    lanes.store(first, m, from, rest);
    lanes.store(second, v, from, rest);
  }

  private void restOfStep(ByteBuffer w, ByteBuffer m, ByteBuffer v, int from, int rest, Step a) {
    FloatVector first = lanes.load(m, from, rest, 0);
    FloatVector second = lanes.load(v, from, rest, 0);
    lanes.store(updated(lanes.load(w, from, rest, 0), first, second, a), w, from, rest);
  }

  private static FloatVector first(FloatVector g, FloatVector m, Moments a) {
    return m.mul(a.beta1()).add(g.mul(1 - a.beta1()));
  }

  private static FloatVector second(FloatVector g, FloatVector v, Moments a) {
    return v.mul(a.beta2()).add(g.mul(g).mul(1 - a.beta2()));
  }

  private static FloatVector updated(FloatVector w, FloatVector first, FloatVector second, Step a) {
    FloatVector scale = second.mul(a.correction2()).lanewise(VectorOperators.SQRT).add(a.epsilon());
    FloatVector step = first.mul(a.correction1()).div(scale).add(w.mul(a.decay()));
    return w.sub(step.mul(a.rate()));
  }
}
