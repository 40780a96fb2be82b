package org.wordmill.kernel.cuda;

import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Activation;
import org.wordmill.kernel.DropoutMask;
import org.wordmill.kernel.FixedTables;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Windows;
import org.wordmill.kernel.cuda.Arguments.Region;
import org.wordmill.kernel.cuda.Scratch.Use;

/**
 * The kernels for NVIDIA GPUs, in both precisions. Calls return when the work is queued; reading a
 * tensor waits for it. Every sum is taken in a fixed order, so the same input gives the same bits
 * on the same kind of GPU.
 */
final class CudaKernels implements Kernels {
  private final Device device;
  private final CudaLauncher launcher;
  private final CudaAttention attention;
  private final CudaConvolution convolution;
  private final FixedTables tables = new FixedTables(this);

  CudaKernels(Device device) {
    this.device = device;
    this.launcher = new CudaLauncher(device);
    this.attention = new CudaAttention(launcher);
    this.convolution = new CudaConvolution(launcher);
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Precision precision() {
    return device.precision();
  }

  @Override
  public Tensor zeros(int... shape) {
    long size = 1;
    for (int extent : shape) {
      size = Math.multiplyExact(size, extent);
    }
    return Tensor.over(CudaMemory.zeros(device, size), shape);
  }

  @Override
  public boolean reaches(Tensor tensor) {
    return tensor.memory() instanceof CudaMemory memory && memory.device() == device;
  }

  @Override
  public void linearForward(Tensor x, Tensor weight, @Nullable Tensor bias, Tensor y) {
    launcher.multiply(x, false, weight, true, false, y);
    if (bias != null) {
      launcher.overElements(Entry.ADD_ROW, y, bias, y, y.columns());
    }
  }

  @Override
  public void linearBackwardInput(Tensor dy, Tensor weight, Tensor dx, boolean accumulate) {
    launcher.multiply(dy, false, weight, false, accumulate, dx);
  }

  @Override
  public void linearBackwardParameters(
      Tensor x, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    launcher.multiply(dy, true, x, false, true, dWeight);
    if (dBias != null) {
      launcher.addColumnSums(dy, dBias);
    }
  }

  @Override
  public void activationForward(Activation f, Tensor x, Tensor y) {
    launcher.overElements(Entry.ACTIVATION_FORWARD, x, code(f), x, y);
  }

  @Override
  public void activationBackward(
      Activation f, Tensor x, Tensor y, Tensor dy, Tensor dx, boolean accumulate) {
    launcher.overElements(Entry.ACTIVATION_BACKWARD, x, code(f), x, y, dy, dx, accumulate);
  }

  /** The number of a function in the sources. */
  static int code(Activation f) {
    return switch (f) {
      case SIGMOID -> 0;
      case TANH -> 1;
      case RELU -> 2;
      case GELU -> 3;
    };
  }

  @Override
  public void softmaxForward(Tensor x, Tensor y) {
    launcher.launch(Entry.SOFTMAX_FORWARD, rows(x), x, y, x.rows(), x.columns());
  }

  @Override
  public void softmaxBackward(Tensor y, Tensor dy, Tensor dx, boolean accumulate) {
    launcher.launch(Entry.SOFTMAX_BACKWARD, rows(y), y, dy, dx, accumulate, y.rows(), y.columns());
  }

  @Override
  public void negativeLogLikelihoodForward(Tensor p, Ids targets, Tensor loss) {
    Region losses = launcher.scratch().doubles(Use.SUMS, p.rows());
    launcher.launch(
        Entry.NEGATIVE_LOG,
        Grid.elements(p.rows()),
        p,
        upload(targets),
        losses,
        p.rows(),
        p.columns());
    launcher.launch(Entry.LOSS, Grid.single(), losses, loss, p.rows());
  }

  @Override
  public void negativeLogLikelihoodBackward(
      Tensor p, Ids targets, Tensor dLoss, Tensor dp, boolean accumulate) {
    if (!accumulate) {
      dp.fill(0);
    }
    launcher.launch(
        Entry.NEGATIVE_LOG_BACKWARD,
        Grid.elements(p.rows()),
        p,
        upload(targets),
        dLoss,
        dp,
        p.rows(),
        p.columns());
  }

  @Override
  public void softmaxCrossEntropyForward(
      Tensor logits, Ids targets, Tensor probabilities, Tensor loss) {
    Region losses = launcher.scratch().doubles(Use.SUMS, logits.rows());
    launcher.launch(
        Entry.CROSS_ENTROPY_FORWARD,
        rows(logits),
        logits,
        upload(targets),
        probabilities,
        losses,
        logits.rows(),
        logits.columns());
    launcher.launch(Entry.LOSS, Grid.single(), losses, loss, logits.rows());
  }

  @Override
  public void softmaxCrossEntropyBackward(
      Tensor probabilities, Ids targets, Tensor dLoss, Tensor dLogits, boolean accumulate) {
    launcher.launch(
        Entry.CROSS_ENTROPY_BACKWARD,
        rows(probabilities),
        probabilities,
        upload(targets),
        dLoss,
        dLogits,
        accumulate,
        probabilities.rows(),
        probabilities.columns());
  }

  @Override
  public void embeddingForward(Tensor table, Ids ids, Tensor y) {
    launcher.overElements(Entry.EMBEDDING_FORWARD, y, table, upload(ids), y, table.columns());
  }

  @Override
  public void embeddingBackward(Ids ids, Tensor dy, Tensor dTable) {
    Occurrences found = Occurrences.of(ids);
    Region rows = launcher.scratch().ints(Use.OCCURRENCES, found.joined());
    Region starts = after(rows, found.rows().length);
    Region order = after(starts, found.starts().length);
    launcher.launch(
        Entry.EMBEDDING_BACKWARD,
        Grid.tableRows(found.distinct(), dTable.columns()),
        dy,
        rows,
        starts,
        order,
        dTable,
        dTable.columns());
  }

  private static Region after(Region ints, int count) {
    return new Region('i', ints.address() + (long) count * Integer.BYTES);
  }

  @Override
  public void addPositionsForward(Tensor x, Tensor positions, Tensor y) {
    launcher.overElements(Entry.ADD_POSITIONS, y, x, positions, y, sequence(x));
  }

  @Override
  public void addPositionsBackward(Tensor dy, Tensor dPositions) {
    long sequence = sequence(dy);
    launcher.launch(
        Entry.ADD_POSITIONS_BACKWARD,
        Grid.elements(sequence),
        dy,
        dPositions,
        dy.size() / sequence,
        sequence);
  }

  /** Elements of one sequence of a [B, T, C] tensor. */
  private static long sequence(Tensor x) {
    return (long) x.dimension(-2) * x.columns();
  }

  @Override
  public void addSinusoids(Tensor x, int first, Tensor y) {
    int time = x.dimension(-2);
    Tensor table = tables.sinusoids(first + time, x.columns());
    addPositionsForward(x, table.view((long) first * x.columns(), time, x.columns()), y);
  }

  @Override
  public void rotary(Tensor qkv, int heads, int first, boolean inverse) {
    int time = qkv.dimension(-2);
    int half = qkv.columns() / 3 / heads / 2;
    long pairs = 2L * qkv.rows() * heads * half;
    launcher.launch(
        Entry.ROTARY,
        Grid.elements(pairs),
        qkv,
        tables.rotations(first + time, 2 * half),
        first,
        time,
        heads,
        half,
        inverse ? -1.0 : 1.0,
        pairs);
  }

  @Override
  public void add(Tensor x, Tensor y, Tensor z) {
    launcher.overElements(Entry.ADD, z, x, y, z);
  }

  @Override
  public void copy(Tensor source, Tensor target, boolean accumulate) {
    if (accumulate) {
      launcher.overElements(Entry.ACCUMULATE, target, source, target);
    } else {
      target.copyFrom(source);
    }
  }

  @Override
  public void layerNormForward(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    launcher.launch(
        Entry.LAYER_NORM_FORWARD,
        rows(x),
        x,
        gain,
        bias,
        epsilon,
        y,
        mean,
        rstd,
        x.rows(),
        x.columns());
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
    ColumnChunks chunks = ColumnChunks.of(x.rows());
    long partials = (long) chunks.chunks() * x.columns();
    Region ofGain = launcher.scratch().reals(Use.COLUMN_PARTIALS, 2 * partials);
    Region ofBias = new Region('r', ofGain.address() + partials * precision().bytes());
    launcher.launch(
        Entry.LAYER_NORM_PARTIALS,
        Grid.columns(x.columns(), chunks.chunks()),
        x,
        mean,
        rstd,
        dy,
        ofGain,
        ofBias,
        chunks.rowsPerChunk(),
        x.rows(),
        x.columns());
    launcher.addPartials(ofGain, dGain, chunks);
    launcher.addPartials(ofBias, dBias, chunks);
    launcher.launch(
        Entry.LAYER_NORM_BACKWARD,
        rows(x),
        x,
        gain,
        mean,
        rstd,
        dy,
        dx,
        accumulate,
        x.rows(),
        x.columns());
  }

  @Override
  public void dropout(Tensor x, double rate, long seed, Tensor y, boolean accumulate) {
    DropoutMask mask = DropoutMask.of(rate, seed);
    launcher.overElements(
        Entry.DROPOUT,
        x,
        x,
        mask.firstKey(),
        mask.secondKey(),
        mask.threshold(),
        mask.scale(),
        y,
        accumulate);
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
    attention.backward(qkv, heads, mask, weights, dy, dQkv, accumulate, dBias);
  }

  @Override
  public void continuedAttentionForward(
      Tensor qkv, int heads, @Nullable Tensor bias, Tensor keysValues, int past, Tensor y) {
    attention.resume(qkv, heads, bias, keysValues, past, y);
  }

  @Override
  public void lstmForward(Tensor gates, Tensor hidden, Tensor before, Tensor cell, Tensor h) {
    launcher.overElements(
        Entry.LSTM_FORWARD, h, gates, hidden, before, cell, h, (long) h.columns());
  }

  @Override
  public void lstmBackward(Tensor gates, Tensor before, Tensor cell, Tensor dh, Tensor dCell) {
    launcher.overElements(
        Entry.LSTM_BACKWARD, dh, gates, before, cell, dh, dCell, (long) dh.columns());
  }

  @Override
  public void gruForward(Tensor gates, Tensor hidden, Tensor before, Tensor h) {
    launcher.overElements(Entry.GRU_FORWARD, h, gates, hidden, before, h, (long) h.columns());
  }

  @Override
  public void gruBackward(Tensor gates, Tensor hidden, Tensor before, Tensor dh, Tensor dBefore) {
    launcher.overElements(
        Entry.GRU_BACKWARD, dh, gates, hidden, before, dh, dBefore, (long) dh.columns());
  }

  @Override
  public void convolutionForward(
      Tensor x, Windows windows, Tensor weight, @Nullable Tensor bias, Tensor y) {
    convolution.forward(x, windows, weight, bias, y);
  }

  @Override
  public void convolutionBackwardInput(
      Tensor dy, Windows windows, Tensor weight, Tensor dx, boolean accumulate) {
    convolution.backwardInput(dy, windows, weight, dx, accumulate);
  }

  @Override
  public void convolutionBackwardParameters(
      Tensor x, Windows windows, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    convolution.backwardParameters(x, windows, dy, dWeight, dBias);
  }

  @Override
  public void maxPoolForward(Tensor x, Windows windows, Tensor y, Tensor winners) {
    convolution.maxPoolForward(x, windows, y, winners);
  }

  @Override
  public void maxPoolBackward(
      Tensor dy, Windows windows, Tensor winners, Tensor dx, boolean accumulate) {
    convolution.maxPoolBackward(dy, windows, winners, dx, accumulate);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    Grid grid = Grid.sum(x.size());
    Region partials = launcher.scratch().doubles(Use.SUMS, grid.blocksX() + 1L);
    Region total = new Region('d', partials.address() + (long) grid.blocksX() * Double.BYTES);
    launcher.launch(Entry.SQUARES, grid, x, partials, x.size());
    launcher.launch(Entry.TOTAL, Grid.single(), partials, total, grid.blocksX());
    double[] sum = new double[1];
    device.read(total.address(), sum);
    return sum[0];
  }

  @Override
  public void scale(Tensor x, double factor) {
    launcher.overElements(Entry.SCALE, x, x, factor);
  }

  @Override
  public void addScaled(Tensor x, double factor, Tensor y) {
    launcher.overElements(Entry.ADD_SCALED, x, x, factor, y);
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
    launcher.overElements(
        Entry.ADAMW,
        w,
        w,
        g,
        m,
        v,
        gradientScale,
        rate,
        beta1,
        beta2,
        1 - Math.pow(beta1, step),
        1 - Math.pow(beta2, step),
        epsilon,
        decay);
  }

  @Override
  public void adamWMoments(
      Tensor g, Tensor m, Tensor v, double gradientScale, double beta1, double beta2) {
    launcher.overElements(Entry.ADAMW_MOMENTS, g, g, m, v, gradientScale, beta1, beta2);
  }

  @Override
  public void adamWStep(Tensor w, Tensor m, Tensor v, AdamWStep a) {
    launcher.overElements(
        Entry.ADAMW_STEP,
        w,
        w,
        m,
        v,
        a.rate(),
        a.correction1(),
        a.correction2(),
        a.epsilon(),
        a.decay());
  }

  private static Grid rows(Tensor x) {
    return Grid.rows(x.rows(), x.columns());
  }

  private Region upload(Ids ids) {
    return launcher.scratch().ints(Use.IDS, ids.values());
  }
}
