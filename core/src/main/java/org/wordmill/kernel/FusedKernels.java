package org.wordmill.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Blas.Matrix;

/**
 * The kernels for CPUs in single precision: matrix products by a {@link Blas}, everything else by
 * vector instructions, each in one pass over ND4J's memory where it lies. Needs the module
 * jdk.incubator.vector, and tensors of at most 2 GiB, except for operations on flat vectors.
 *
 * <p>Every sum is taken in a fixed order: the same input gives the same bits on the same kind of
 * processor.
 */
final class FusedKernels implements Kernels {
  /** Elements of a flat vector that one buffer addresses. */
  static final int PIECE = 1 << 28;

  private final Lanes lanes = new Lanes();
  private final Blas blas;

  /** For the products of linear layers, in which the time of a step goes. */
  private final Blas linear;

  private final FusedVectors vectors = new FusedVectors(lanes);
  private final FusedAdamW adamW = new FusedAdamW(lanes);
  private final FusedActivation activation = new FusedActivation(lanes);
  private final FusedSoftmax softmax = new FusedSoftmax(lanes);
  private final FusedNorm norm = new FusedNorm(lanes);
  private final FusedPositions positions = new FusedPositions(lanes, vectors);
  private final FusedAttention attention;
  private final FusedCells cells = new FusedCells(lanes);
  private final FusedConvolution convolution;
  private final FusedPooling pooling = new FusedPooling();
  private final FusedContinuation continuation;
  private final FixedTables tables = new FixedTables(this);

  /** All products in single precision by one library. */
  FusedKernels(Blas blas) {
    this(blas, blas);
  }

  /** The products of linear layers in another precision than all others. */
  FusedKernels(Blas blas, Blas linear) {
    this.blas = blas;
    this.linear = linear;
    this.attention = new FusedAttention(lanes, blas, softmax, positions);
    this.convolution = new FusedConvolution(vectors, blas);
    this.continuation = new FusedContinuation(vectors, blas, softmax, positions);
  }

  @Override
  public String name() {
    return blas == linear ? "fused" : "bf16";
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT;
  }

  @Override
  public void linearForward(Tensor x, Tensor weight, @Nullable Tensor bias, Tensor y) {
    if (bias != null) {
      vectors.repeat(bias.bytes(), y.bytes(), y.rows(), y.columns());
    }
    if (x.rows() == 1) {
      // A matrix product would first copy the whole weight into another order.
      if (bias == null) {
        Lanes.clear(y.bytes(), 0, y.columns());
      }
      blas.addProduct(
          weight.rows(), weight.columns(), 1, Matrix.of(weight), Matrix.of(x), Matrix.of(y));
      Reference.reachabilityFence(bias);
      return;
    }
    linear.multiplyByTransposed(
        x.rows(),
        y.columns(),
        x.columns(),
        1,
        Matrix.of(x),
        Matrix.of(weight),
        bias == null ? 0 : 1,
        Matrix.of(y));
    Reference.reachabilityFence(bias);
  }

  @Override
  public void linearBackward(
      Tensor x,
      Tensor dy,
      Tensor weight,
      Tensor dx,
      boolean accumulate,
      Tensor dWeight,
      @Nullable Tensor dBias) {
    linear.holdLeft();
    linearBackwardParameters(x, dy, dWeight, dBias);
    linearBackwardInput(dy, weight, dx, accumulate);
    linear.release();
  }

  @Override
  public void linearBackwardInput(Tensor dy, Tensor weight, Tensor dx, boolean accumulate) {
    linear.multiply(
        dy.rows(),
        dx.columns(),
        dy.columns(),
        1,
        Matrix.of(dy),
        Matrix.of(weight),
        accumulate ? 1 : 0,
        Matrix.of(dx));
  }

  @Override
  public void linearBackwardParameters(
      Tensor x, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    linear.multiplyTransposed(
        dy.columns(), x.columns(), x.rows(), 1, Matrix.of(dy), Matrix.of(x), 1, Matrix.of(dWeight));
    if (dBias != null) {
      vectors.addRows(dy.bytes(), dBias.bytes(), dy.rows(), dy.columns());
    }
    alive(dy, dBias);
  }

  @Override
  public void activationForward(Activation f, Tensor x, Tensor y) {
    activation.forward(f, x.bytes(), y.bytes(), size(x));
    alive(x, y);
  }

  @Override
  public void activationBackward(
      Activation f, Tensor x, Tensor y, Tensor dy, Tensor dx, boolean accumulate) {
    activation.backward(f, x.bytes(), y.bytes(), dy.bytes(), dx.bytes(), size(x), accumulate);
    alive(x, y);
    alive(dy, dx);
  }

  @Override
  public void softmaxForward(Tensor x, Tensor y) {
    softmax.forward(x, y);
    alive(x, y);
  }

  @Override
  public void softmaxBackward(Tensor y, Tensor dy, Tensor dx, boolean accumulate) {
    softmax.backward(y, dy, dx, accumulate);
    alive(y, dy);
    alive(dx, dx);
  }

  @Override
  public void negativeLogLikelihoodForward(Tensor p, Ids targets, Tensor loss) {
    ByteBuffer memory = p.bytes();
    int[] target = targets.values();
    double sum = 0;
    for (int row = 0; row < target.length; row++) {
      if (target[row] != Ids.IGNORED) {
        sum -= Math.log(memory.getFloat((row * p.columns() + target[row]) << 2));
      }
    }
    loss.bytes().putFloat(0, (float) sum);
    alive(p, loss);
  }

  @Override
  public void negativeLogLikelihoodBackward(
      Tensor p, Ids targets, Tensor dLoss, Tensor dp, boolean accumulate) {
    ByteBuffer memory = p.bytes();
    ByteBuffer gradient = dp.bytes();
    if (!accumulate) {
      Lanes.clear(gradient, 0, size(dp));
    }
    float scale = dLoss.bytes().getFloat(0);
    int[] target = targets.values();
    for (int row = 0; row < target.length; row++) {
      if (target[row] != Ids.IGNORED) {
        int at = (row * p.columns() + target[row]) << 2;
        gradient.putFloat(at, gradient.getFloat(at) - scale / memory.getFloat(at));
      }
    }
    alive(p, dp);
    alive(dLoss, dp);
  }

  @Override
  public void softmaxCrossEntropyForward(
      Tensor logits, Ids targets, Tensor probabilities, Tensor loss) {
    double sum = softmax.crossEntropyForward(logits, targets, probabilities);
    loss.bytes().putFloat(0, (float) sum);
    alive(logits, probabilities);
    alive(loss, loss);
  }

  @Override
  public void softmaxCrossEntropyBackward(
      Tensor probabilities, Ids targets, Tensor dLoss, Tensor dLogits, boolean accumulate) {
    float scale = dLoss.bytes().getFloat(0);
    softmax.crossEntropyBackward(probabilities, targets, scale, dLogits, accumulate);
    alive(probabilities, dLogits);
    alive(dLoss, dLoss);
  }

  @Override
  public void embeddingForward(Tensor table, Ids ids, Tensor y) {
    int width = table.columns();
    int[] values = ids.values();
    for (int n = 0; n < values.length; n++) {
      vectors.copy(table.bytes(), values[n] * width, y.bytes(), n * width, width, false);
    }
    alive(table, y);
  }

  @Override
  public void embeddingBackward(Ids ids, Tensor dy, Tensor dTable) {
    int width = dTable.columns();
    int[] values = ids.values();
    for (int n = 0; n < values.length; n++) {
      vectors.copy(dy.bytes(), n * width, dTable.bytes(), values[n] * width, width, true);
    }
    alive(dy, dTable);
  }

  @Override
  public void addPositionsForward(Tensor x, Tensor positions, Tensor y) {
    int sequence = x.dimension(-2) * x.columns();
    for (int start = 0; start < size(x); start += sequence) {
      vectors.add(x.bytes(), start, positions.bytes(), 0, y.bytes(), start, sequence);
    }
    alive(x, positions);
    alive(y, y);
  }

  @Override
  public void addPositionsBackward(Tensor dy, Tensor dPositions) {
    int sequence = dy.dimension(-2) * dy.columns();
    for (int start = 0; start < size(dy); start += sequence) {
      vectors.copy(dy.bytes(), start, dPositions.bytes(), 0, sequence, true);
    }
    alive(dy, dPositions);
  }

  @Override
  public void addSinusoids(Tensor x, int first, Tensor y) {
    int time = x.dimension(-2);
    Tensor table = tables.sinusoids(first + time, x.columns());
    addPositionsForward(x, table.view((long) first * x.columns(), time, x.columns()), y);
  }

  @Override
  public void rotary(Tensor qkv, int heads, int first, boolean inverse) {
    int width = qkv.columns() / 3 / heads;
    Tensor table = tables.rotations(first + qkv.dimension(-2), width);
    positions.rotate(qkv, heads, table, first, inverse);
    alive(qkv, table);
  }

  @Override
  public void add(Tensor x, Tensor y, Tensor z) {
    vectors.add(x.bytes(), 0, y.bytes(), 0, z.bytes(), 0, size(x));
    alive(x, y);
    alive(z, z);
  }

  @Override
  public void copy(Tensor source, Tensor target, boolean accumulate) {
    vectors.copy(source.bytes(), 0, target.bytes(), 0, size(source), accumulate);
    alive(source, target);
  }

  @Override
  public void layerNormForward(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    norm.forward(x, gain, bias, epsilon, y, mean, rstd);
    alive(x, gain);
    alive(bias, y);
    alive(mean, rstd);
  }

  @Override
  public void layerNormBackward(
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      Tensor dy,
      Tensor dx,
      boolean accumulate,
      Tensor dGain,
      Tensor dBias) {
    norm.backward(x, gain, mean, rstd, dy, dx, accumulate, dGain, dBias);
    alive(x, gain);
    alive(mean, rstd);
    alive(dy, dx);
    alive(dGain, dBias);
  }

  @Override
  public void dropout(Tensor x, double rate, long seed, Tensor y, boolean accumulate) {
    DropoutMask mask = DropoutMask.of(rate, seed);
    FusedDropout.apply(mask, 0, x.bytes(), 0, y.bytes(), 0, size(x), accumulate);
    alive(x, y);
  }

  @Override
  public void causalAttentionForward(
      Tensor qkv,
      int heads,
      @Nullable Tensor bias,
      double rate,
      long seed,
      Tensor y,
      Tensor weights) {
    attention.forward(qkv, heads, bias, DropoutMask.of(rate, seed), y, weights);
    alive(weights, y);
    alive(bias, bias);
  }

  @Override
  public void causalAttentionBackward(
      Tensor qkv,
      int heads,
      double rate,
      long seed,
      Tensor weights,
      Tensor dy,
      Tensor dQkv,
      boolean accumulate,
      @Nullable Tensor dBias) {
    DropoutMask mask = DropoutMask.of(rate, seed);
    attention.backward(qkv, heads, mask, weights, dy, dQkv, accumulate, dBias);
    alive(weights, dQkv);
    alive(dBias, dBias);
  }

  @Override
  public void continuedAttentionForward(
      Tensor qkv, int heads, @Nullable Tensor bias, Tensor keysValues, int past, Tensor y) {
    continuation.forward(qkv, heads, bias, keysValues, past, y);
    alive(qkv, keysValues);
    alive(bias, y);
  }

  @Override
  public void lstmForward(Tensor gates, Tensor hidden, Tensor before, Tensor cell, Tensor h) {
    cells.lstmForward(gates, hidden, before, cell, h);
    alive(gates, hidden);
    alive(before, cell);
    alive(h, h);
  }

  @Override
  public void lstmBackward(Tensor gates, Tensor before, Tensor cell, Tensor dh, Tensor dCell) {
    cells.lstmBackward(gates, before, cell, dh, dCell);
    alive(gates, before);
    alive(cell, dh);
    alive(dCell, dCell);
  }

  @Override
  public void gruForward(Tensor gates, Tensor hidden, Tensor before, Tensor h) {
    cells.gruForward(gates, hidden, before, h);
    alive(gates, hidden);
    alive(before, h);
  }

  @Override
  public void gruBackward(Tensor gates, Tensor hidden, Tensor before, Tensor dh, Tensor dBefore) {
    cells.gruBackward(gates, hidden, before, dh, dBefore);
    alive(gates, hidden);
    alive(before, dh);
    alive(dBefore, dBefore);
  }

  @Override
  public void convolutionForward(
      Tensor x, Windows windows, Tensor weight, @Nullable Tensor bias, Tensor y) {
    convolution.forward(x, windows, weight, bias, y);
    alive(x, bias);
    alive(y, y);
  }

  @Override
  public void convolutionBackwardInput(
      Tensor dy, Windows windows, Tensor weight, Tensor dx, boolean accumulate) {
    convolution.backwardInput(dy, windows, weight, dx, accumulate);
    alive(dx, dx);
  }

  @Override
  public void convolutionBackwardParameters(
      Tensor x, Windows windows, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    convolution.backwardParameters(x, windows, dy, dWeight, dBias);
    alive(x, dy);
    alive(dBias, dBias);
  }

  @Override
  public void maxPoolForward(Tensor x, Windows windows, Tensor y, Tensor winners) {
    pooling.forward(x, windows, y, winners);
    alive(x, y);
    alive(winners, winners);
  }

  @Override
  public void maxPoolBackward(
      Tensor dy, Windows windows, Tensor winners, Tensor dx, boolean accumulate) {
    pooling.backward(dy, windows, winners, dx, accumulate);
    alive(dy, winners);
    alive(dx, dx);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    double sum = 0;
    for (long from = 0; from < x.size(); from += PIECE) {
      Tensor piece = piece(x, from);
      sum += vectors.sumOfSquares(piece.bytes(), size(piece));
    }
    alive(x, x);
    return sum;
  }

  @Override
  public void scale(Tensor x, double factor) {
    for (long from = 0; from < x.size(); from += PIECE) {
      Tensor piece = piece(x, from);
      vectors.scale(piece.bytes(), size(piece), (float) factor);
    }
    alive(x, x);
  }

  @Override
  public void addScaled(Tensor x, double factor, Tensor y) {
    for (long from = 0; from < x.size(); from += PIECE) {
      Tensor piece = piece(x, from);
      vectors.addScaled(piece.bytes(), piece(y, from).bytes(), size(piece), (float) factor);
    }
    alive(x, y);
  }

  @Override
  public void adamW(
      Tensor w,
      Tensor g,
      Tensor m,
      Tensor v,
      double gradientScale,
      double rate,
      double beta1,
      double beta2,
      double epsilon,
      double decay,
      long step) {
    adamW.whole(
        w,
        g,
        m,
        v,
        new FusedAdamW.Moments(gradientScale, beta1, beta2),
        new AdamWStep(rate, beta1, beta2, epsilon, decay, step));
  }

  @Override
  public void adamWMoments(
      Tensor g, Tensor m, Tensor v, double gradientScale, double beta1, double beta2) {
    adamW.moments(g, m, v, new FusedAdamW.Moments(gradientScale, beta1, beta2));
  }

  @Override
  public void adamWStep(Tensor w, Tensor m, Tensor v, AdamWStep numbers) {
    adamW.step(w, m, v, numbers);
  }

  static Tensor piece(Tensor x, long from) {
    return x.size() <= PIECE ? x : x.view(from, (int) Math.min(PIECE, x.size() - from));
  }

  private static int size(Tensor x) {
    return Math.toIntExact(x.size());
  }

  /** Buffers do not keep the memory of their tensors; the tensors must outlive the loops. */
  private static void alive(@Nullable Tensor one, @Nullable Tensor other) {
    Reference.reachabilityFence(one);
    Reference.reachabilityFence(other);
  }
}
