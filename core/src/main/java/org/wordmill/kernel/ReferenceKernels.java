package org.wordmill.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The kernels as formulas over ND4J's basic operations: portable to every ND4J backend and both
 * precisions, and the oracle for faster ones.
 *
 * <p>ND4J's own fused operations are avoided where they compute something else: its layer
 * normalization has no epsilon, its GELU is another function, and its operations with a Java number
 * (or with a vector of one element, which it takes for one) replace NaN by a small constant, so
 * that a diverged training would go on as if nothing had happened. Hence {@link #number} and {@link
 * #column}. Temporary arrays are made freely.
 */
public final class ReferenceKernels implements Kernels {
  private final Precision precision;
  private final ReferenceAttention attention = new ReferenceAttention();
  private final FixedTables tables = new FixedTables(this);

  public ReferenceKernels(Precision precision) {
    this.precision = precision;
    NativeRuntime.prepare();
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public void linearForward(Tensor x, Tensor weight, @Nullable Tensor bias, Tensor y) {
    INDArray product = x.matrix().mmul(weight.matrix().transpose());
    if (bias != null) {
      product.addi(row(bias.vector()));
    }
    y.matrix().assign(product);
  }

  @Override
  public void linearBackwardInput(Tensor dy, Tensor weight, Tensor dx, boolean accumulate) {
    store(dy.matrix().mmul(weight.matrix()), dx.matrix(), accumulate);
  }

  @Override
  public void linearBackwardParameters(
      Tensor x, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    dWeight.matrix().addi(dy.matrix().transpose().mmul(x.matrix()));
    if (dBias != null) {
      dBias.vector().addi(dy.matrix().sum(0));
    }
  }

  @Override
  public void activationForward(Activation f, Tensor x, Tensor y) {
    y.vector().assign(ReferenceActivation.value(f, x.vector()));
  }

  @Override
  public void activationBackward(
      Activation f, Tensor x, Tensor y, Tensor dy, Tensor dx, boolean accumulate) {
    INDArray derivative = ReferenceActivation.derivative(f, x.vector(), y.vector());
    store(derivative.muli(dy.vector()), dx.vector(), accumulate);
  }

  @Override
  public void softmaxForward(Tensor x, Tensor y) {
    INDArray e = shiftedByRowMaximum(x.matrix());
    Transforms.exp(e, false);
    y.matrix().assign(e.divi(column(e.sum(1))));
  }

  @Override
  public void softmaxBackward(Tensor y, Tensor dy, Tensor dx, boolean accumulate) {
    INDArray inner = dy.matrix().mul(y.matrix()).sum(1);
    INDArray result = dy.matrix().sub(column(inner)).muli(y.matrix());
    store(result, dx.matrix(), accumulate);
  }

  @Override
  public void negativeLogLikelihoodForward(Tensor p, Ids targets, Tensor loss) {
    TargetElements chosen = new TargetElements(targets, p.columns());
    loss.fill(chosen.isEmpty() ? 0 : -sum(Transforms.log(chosen.gather(p.vector()), false)));
  }

  @Override
  public void negativeLogLikelihoodBackward(
      Tensor p, Ids targets, Tensor dLoss, Tensor dp, boolean accumulate) {
    if (!accumulate) {
      dp.fill(0);
    }
    TargetElements chosen = new TargetElements(targets, p.columns());
    if (!chosen.isEmpty()) {
      chosen.add(chosen.gather(p.vector()).rdivi(number(-dLoss.toDoubles()[0])), dp.vector());
    }
  }

  @Override
  public void softmaxCrossEntropyForward(
      Tensor logits, Ids targets, Tensor probabilities, Tensor loss) {
    INDArray shifted = shiftedByRowMaximum(logits.matrix());
    TargetElements chosen = new TargetElements(targets, logits.columns());
    double targetScores =
        chosen.isEmpty() ? 0 : sum(chosen.gather(shifted.reshape(shifted.length())));
    INDArray e = Transforms.exp(shifted, false);
    INDArray normalizer = e.sum(1);
    probabilities.matrix().assign(e.divi(column(normalizer)));
    INDArray logNormalizer = Transforms.log(normalizer, false);
    loss.fill(sum(logNormalizer.mul(chosen.countedRows(precision))) - targetScores);
  }

  @Override
  public void softmaxCrossEntropyBackward(
      Tensor probabilities, Ids targets, Tensor dLoss, Tensor dLogits, boolean accumulate) {
    double scale = dLoss.toDoubles()[0];
    TargetElements chosen = new TargetElements(targets, probabilities.columns());
    INDArray gradient =
        probabilities.matrix().mul(number(scale)).muli(column(chosen.countedRows(precision)));
    if (!chosen.isEmpty()) {
      INDArray ones = Nd4j.ones(precision.dataType(), chosen.size());
      chosen.add(ones.muli(number(-scale)), gradient.reshape(gradient.length()));
    }
    store(gradient, dLogits.matrix(), accumulate);
  }

  @Override
  public void embeddingForward(Tensor table, Ids ids, Tensor y) {
    y.matrix().assign(Nd4j.exec(new Gather(table.matrix(), indices(ids), 0))[0]);
  }

  @Override
  public void embeddingBackward(Ids ids, Tensor dy, Tensor dTable) {
    ScatterSum.addRows(dTable.matrix(), ids.values(), dy);
  }

  @Override
  public void addPositionsForward(Tensor x, Tensor positions, Tensor y) {
    y.array().assign(x.array().add(leading(positions, x)));
  }

  @Override
  public void addPositionsBackward(Tensor dy, Tensor dPositions) {
    INDArray gradient = dPositions.matrix();
    INDArray used = gradient.get(NDArrayIndex.interval(0, dy.dimension(-2)), NDArrayIndex.all());
    used.addi(dy.array().sum(0));
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
    ReferencePositions.rotate(qkv, heads, table, first, inverse);
  }

  @Override
  public void add(Tensor x, Tensor y, Tensor z) {
    z.vector().assign(x.vector().add(y.vector()));
  }

  @Override
  public void copy(Tensor source, Tensor target, boolean accumulate) {
    store(source.vector(), target.vector(), accumulate);
  }

  @Override
  public void layerNormForward(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    INDArray mu = x.matrix().mean(1);
    INDArray centred = x.matrix().sub(column(mu));
    INDArray variance = centred.mul(centred).mean(1);
    INDArray inverse = Transforms.sqrt(variance.addi(epsilon), false).rdivi(1);
    mean.vector().assign(mu);
    rstd.vector().assign(inverse);
    centred.muli(column(inverse)).muli(row(gain.vector()));
    y.matrix().assign(centred.addi(row(bias.vector())));
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
    INDArray normalized = x.matrix().sub(column(mean.vector())).muli(column(rstd.vector()));
    INDArray g = dy.matrix().mul(row(gain.vector()));
    dGain.vector().addi(dy.matrix().mul(normalized).sum(0));
    dBias.vector().addi(dy.matrix().sum(0));
    INDArray meanOfG = g.mean(1);
    INDArray meanOfProduct = g.mul(normalized).mean(1);
    g.subi(column(meanOfG)).subi(normalized.muli(column(meanOfProduct)));
    store(g.muli(column(rstd.vector())), dx.matrix(), accumulate);
  }

  @Override
  public void dropout(Tensor x, double rate, long seed, Tensor y, boolean accumulate) {
    double[] factors = new double[Math.toIntExact(x.size())];
    DropoutMask.of(rate, seed).factors(0, factors);
    INDArray mask = Nd4j.createFromArray(factors).castTo(precision.dataType());
    store(mask.muli(x.vector()), y.vector(), accumulate);
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
    INDArray gradient = attention.backward(qkv, heads, mask, weights, dy, dBias);
    store(gradient, dQkv.matrix(), accumulate);
  }

  @Override
  public void lstmForward(Tensor gates, Tensor hidden, Tensor before, Tensor cell, Tensor h) {
    ReferenceCells.lstmForward(gates, hidden, before, cell, h);
  }

  @Override
  public void lstmBackward(Tensor gates, Tensor before, Tensor cell, Tensor dh, Tensor dCell) {
    ReferenceCells.lstmBackward(gates, before, cell, dh, dCell);
  }

  @Override
  public void gruForward(Tensor gates, Tensor hidden, Tensor before, Tensor h) {
    ReferenceCells.gruForward(gates, hidden, before, h);
  }

  @Override
  public void gruBackward(Tensor gates, Tensor hidden, Tensor before, Tensor dh, Tensor dBefore) {
    ReferenceCells.gruBackward(gates, hidden, before, dh, dBefore);
  }

  @Override
  public void convolutionForward(
      Tensor x, Windows windows, Tensor weight, @Nullable Tensor bias, Tensor y) {
    ReferenceConvolution.forward(x, windows, weight, bias, y);
  }

  @Override
  public void convolutionBackwardInput(
      Tensor dy, Windows windows, Tensor weight, Tensor dx, boolean accumulate) {
    ReferenceConvolution.backwardInput(dy, windows, weight, dx, accumulate);
  }

  @Override
  public void convolutionBackwardParameters(
      Tensor x, Windows windows, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    ReferenceConvolution.backwardParameters(x, windows, dy, dWeight, dBias);
  }

  @Override
  public void maxPoolForward(Tensor x, Windows windows, Tensor y, Tensor winners) {
    ReferenceConvolution.maxPoolForward(x, windows, y, winners);
  }

  @Override
  public void maxPoolBackward(
      Tensor dy, Windows windows, Tensor winners, Tensor dx, boolean accumulate) {
    ReferenceConvolution.maxPoolBackward(dy, windows, winners, dx, accumulate);
  }

  @Override
  public void continuedAttentionForward(
      Tensor qkv, int heads, @Nullable Tensor bias, Tensor keysValues, int past, Tensor y) {
    ReferenceContinuation.forward(qkv, heads, bias, keysValues, past, y);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    INDArray wide = x.vector().castTo(Precision.DOUBLE.dataType());
    return sum(wide.mul(wide));
  }

  @Override
  public void scale(Tensor x, double factor) {
    x.vector().muli(number(factor));
  }

  @Override
  public void addScaled(Tensor x, double factor, Tensor y) {
    y.vector().addi(x.vector().mul(number(factor)));
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
    adamWMoments(g, m, v, gradientScale, beta1, beta2);
    adamWStep(w, m, v, new AdamWStep(rate, beta1, beta2, epsilon, decay, step));
  }

  @Override
  public void adamWMoments(
      Tensor g, Tensor m, Tensor v, double gradientScale, double beta1, double beta2) {
    INDArray gradient = g.vector().mul(number(gradientScale));
    m.vector().muli(beta1).addi(gradient.mul(1 - beta1));
    v.vector().muli(beta2).addi(gradient.mul(gradient).muli(1 - beta2));
  }

  @Override
  public void adamWStep(Tensor w, Tensor m, Tensor v, AdamWStep a) {
    INDArray first = m.vector().div(a.correction1());
    INDArray second = v.vector().div(a.correction2());
    INDArray update = first.divi(Transforms.sqrt(second, false).addi(a.epsilon()));
    w.vector().subi(update.addi(w.vector().mul(a.decay())).muli(a.rate()));
  }

  private static void store(INDArray result, INDArray target, boolean accumulate) {
    if (accumulate) {
      target.addi(result);
    } else {
      target.assign(result);
    }
  }

  private INDArray number(double value) {
    return Nd4j.createFromArray(new double[] {value}).castTo(precision.dataType());
  }

  private static INDArray column(INDArray x) {
    return x.reshape(x.length(), 1);
  }

  private static INDArray row(INDArray x) {
    return x.reshape(1, x.length());
  }

  private static double sum(INDArray x) {
    return x.sumNumber().doubleValue();
  }

  private static INDArray shiftedByRowMaximum(INDArray x) {
    return x.sub(column(x.max(1)));
  }

  private static INDArray indices(Ids ids) {
    return Nd4j.createFromArray(ids.values());
  }

  private static INDArray leading(Tensor positions, Tensor x) {
    INDArray used =
        positions.matrix().get(NDArrayIndex.interval(0, x.dimension(-2)), NDArrayIndex.all());
    return used.reshape(1, x.dimension(-2), x.columns());
  }
}
