package org.wordmill.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.kernel.Activation;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.ReferenceKernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.kernel.Windows;
import org.wordmill.model.GradientChecks;
import org.wordmill.tape.GradientCheck;

/** What the kernels for GPUs must do, on whatever runs their sources. */
abstract class CudaKernelsContract {
  private static final Kernels.AdamWStep STEP =
      new Kernels.AdamWStep(0.01, 0.9, 0.99, 1e-8, 0.1, 3);
  private static final long SEED = 2007;
  private static final Kernels REFERENCE = Trial.REFERENCE;

  private final SplittableRandom random = new SplittableRandom(SEED);

  abstract Device device(Precision precision);

  /** How many random shapes each operation is tried on. */
  abstract int shapes();

  /** Elements of each gradient check. */
  abstract int checkedElements();

  /** Steps of the training, enough for the loss to fall by half a nat. */
  abstract int steps();

  @ParameterizedTest
  @EnumSource
  void linearMapsAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      int n = odd(shape, 90);
      int in = odd(shape, 40);
      int out = odd(shape, 50);
      Trial.Both x = t.normal(n, in);
      Trial.Both w = t.normal(out, in);
      Trial.Both b = t.normal(out);
      Trial.Both y = t.poisoned(n, out);
      t.agree("linear", k -> k.linearForward(x.of(k), w.of(k), b.of(k), y.of(k)), y);
      t.agree("linear without bias", k -> k.linearForward(x.of(k), w.of(k), null, y.of(k)), y);
      Trial.Both dy = t.normal(n, out);
      Trial.Both dx = t.poisoned(n, in);
      t.agree("dx", k -> k.linearBackwardInput(dy.of(k), w.of(k), dx.of(k), false), dx);
      t.agree("dx +=", k -> k.linearBackwardInput(dy.of(k), w.of(k), dx.of(k), true), dx);
      Trial.Both dw = t.normal(out, in);
      Trial.Both db = t.normal(out);
      t.agree("dW", k -> k.linearBackwardParameters(x.of(k), dy.of(k), dw.of(k), db.of(k)), dw, db);
    }
  }

  @ParameterizedTest
  @EnumSource
  void activationsAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (Activation f : Activation.values()) {
      int n = 777;
      Trial.Both x = t.normal(n);
      Trial.Both y = t.poisoned(n);
      Trial.Both dy = t.normal(n);
      Trial.Both dx = t.poisoned(n);
      t.agree("" + f, k -> k.activationForward(f, x.of(k), y.of(k)), y);
      for (boolean add : new boolean[] {false, true}) {
        t.agree(
            f + "'", k -> k.activationBackward(f, x.of(k), y.of(k), dy.of(k), dx.of(k), add), dx);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void softmaxAndLossesAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      int n = odd(shape, 20);
      int v = shape % 4 == 3 ? 1025 + random.nextInt(2000) : odd(shape, 70);
      Trial.Both z = t.normal(n, v);
      Trial.Both y = t.poisoned(n, v);
      t.agree("softmax", k -> k.softmaxForward(z.of(k), y.of(k)), y);
      Trial.Both dy = t.normal(n, v);
      Trial.Both dz = t.poisoned(n, v);
      t.agree("dz", k -> k.softmaxBackward(y.of(k), dy.of(k), dz.of(k), false), dz);
      t.agree("dz +=", k -> k.softmaxBackward(y.of(k), dy.of(k), dz.of(k), true), dz);

      Ids targets = targets(n, v);
      Trial.Both loss = t.poisoned(1);
      Trial.Both dLoss = t.normal(1);
      t.agree("nll", k -> k.negativeLogLikelihoodForward(y.of(k), targets, loss.of(k)), loss);
      for (boolean add : new boolean[] {false, true}) {
        t.agree(
            "dp",
            k -> k.negativeLogLikelihoodBackward(y.of(k), targets, dLoss.of(k), dz.of(k), add),
            dz);
      }
      Trial.Both p = t.poisoned(n, v);
      t.agree(
          "cross-entropy",
          k -> k.softmaxCrossEntropyForward(z.of(k), targets, p.of(k), loss.of(k)),
          p,
          loss);
      t.agree(
          "cross-entropy, dz +=",
          k -> k.softmaxCrossEntropyBackward(p.of(k), targets, dLoss.of(k), dz.of(k), true),
          dz);
      t.agree(
          "cross-entropy in place",
          k -> {
            k.softmaxCrossEntropyForward(z.of(k), targets, z.of(k), loss.of(k));
            k.softmaxCrossEntropyBackward(z.of(k), targets, dLoss.of(k), z.of(k), false);
          },
          z,
          loss);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tablesAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      int batch = odd(shape, 5);
      int time = odd(shape + 1, 9);
      int width = shape % 4 == 3 ? 300 : odd(shape, 30);
      int rows = 1 + random.nextInt(12);
      Ids ids = new Ids(random.ints((long) batch * time, 0, rows).toArray(), batch, time);
      Trial.Both table = t.normal(rows, width);
      Trial.Both y = t.poisoned(batch, time, width);
      t.agree("embedding", k -> k.embeddingForward(table.of(k), ids, y.of(k)), y);
      Trial.Both dy = t.normal(batch, time, width);
      Trial.Both dTable = t.normal(rows, width);
      t.agree("dtable", k -> k.embeddingBackward(ids, dy.of(k), dTable.of(k)), dTable);

      Trial.Both positions = t.normal(time + 3, width);
      Trial.Both z = t.poisoned(batch, time, width);
      t.agree("positions", k -> k.addPositionsForward(y.of(k), positions.of(k), z.of(k)), z);
      Trial.Both dPositions = t.normal(time + 3, width);
      t.agree("dpositions", k -> k.addPositionsBackward(dy.of(k), dPositions.of(k)), dPositions);
    }
  }

  @ParameterizedTest
  @EnumSource
  void layerNormalizationAgreesWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      int n = shape == 0 ? 1 : 1 + random.nextInt(300);
      int width = shape % 4 == 3 ? 1025 + random.nextInt(100) : 2 + random.nextInt(70);
      if (width > 1000) {
        n = 1 + n % 20;
      }
      Trial.Both x = t.normal(n, width);
      Trial.Both gain = t.normal(width);
      Trial.Both bias = t.normal(width);
      Trial.Both y = t.poisoned(n, width);
      Trial.Both mean = t.poisoned(n);
      Trial.Both rstd = t.poisoned(n);
      t.agree(
          "layer norm",
          k ->
              k.layerNormForward(
                  x.of(k), gain.of(k), bias.of(k), 1e-5, y.of(k), mean.of(k), rstd.of(k)),
          y,
          mean,
          rstd);
      Trial.Both dy = t.normal(n, width);
      Trial.Both dx = t.poisoned(n, width);
      Trial.Both dGain = t.normal(width);
      Trial.Both dBias = t.normal(width);
      for (boolean add : new boolean[] {false, true}) {
        t.agree(
            "layer norm backward",
            k ->
                k.layerNormBackward(
                    x.of(k),
                    gain.of(k),
                    mean.of(k),
                    rstd.of(k),
                    dy.of(k),
                    dx.of(k),
                    add,
                    dGain.of(k),
                    dBias.of(k)),
            dx,
            dGain,
            dBias);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void attentionAgreesWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      int heads = 1 + random.nextInt(5);
      int width = heads * (1 + random.nextInt(9));
      int batch = odd(shape, 5);
      int time = shape == 0 ? 1 : 1 + random.nextInt(40);
      double rate = shape % 2 == 0 ? 0 : 0.3;
      Trial.Both qkv = t.normal(batch, time, 3 * width);
      Trial.Both y = t.poisoned(batch, time, width);
      Trial.Both weights = t.poisoned(batch, heads, time, time);
      t.agree(
          "attention",
          k -> k.causalAttentionForward(qkv.of(k), heads, rate, 9, y.of(k), weights.of(k)),
          y,
          weights);
      Trial.Both dy = t.normal(batch, time, width);
      Trial.Both dQkv = t.poisoned(batch, time, 3 * width);
      for (boolean add : new boolean[] {false, true}) {
        t.agree(
            "attention backward",
            k ->
                k.causalAttentionBackward(
                    qkv.of(k), heads, rate, 9, weights.of(k), dy.of(k), dQkv.of(k), add),
            dQkv);
      }
      Trial.Both cache = t.normal(time + 7, 2 * width);
      Trial.Both more = t.normal(1, time, 3 * width);
      Trial.Both heard = t.poisoned(1, time, width);
      t.agree(
          "continued attention",
          k -> k.continuedAttentionForward(more.of(k), heads, cache.of(k), 5, heard.of(k)),
          heard,
          cache);
    }
  }

  @ParameterizedTest
  @EnumSource
  void recurrentCellsAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      int n = odd(shape, 9);
      int width = odd(shape + 1, 90);
      Trial.Both before = t.normal(n, width);
      Trial.Both cell = t.poisoned(n, width);
      Trial.Both h = t.poisoned(n, width);
      Trial.Both dh = t.normal(n, width);
      Trial.Both more = t.normal(n, width);
      Trial.Both gates = t.normal(n, 4 * width);
      Trial.Both hidden = t.normal(n, 4 * width);
      t.agree(
          "LSTM",
          k -> k.lstmForward(gates.of(k), hidden.of(k), before.of(k), cell.of(k), h.of(k)),
          gates,
          cell,
          h);
      t.agree(
          "LSTM backward",
          k -> k.lstmBackward(gates.of(k), before.of(k), cell.of(k), dh.of(k), more.of(k)),
          gates,
          more);
      Trial.Both units = t.normal(n, 3 * width);
      Trial.Both said = t.normal(n, 3 * width);
      t.agree("GRU", k -> k.gruForward(units.of(k), said.of(k), before.of(k), h.of(k)), units, h);
      t.agree(
          "GRU backward",
          k -> k.gruBackward(units.of(k), said.of(k), before.of(k), dh.of(k), more.of(k)),
          units,
          said,
          more);
    }
  }

  @ParameterizedTest
  @EnumSource
  void convolutionsAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      Window one = new Window(1 + shape % 3, 1 + shape % 2, 1 + shape % 4, shape % 3, shape % 2);
      Windows w = Windows.of(shape % 2 == 0 ? List.of(one) : List.of(one, Window.same(2), one));
      int[] x = {odd(shape, 4), odd(shape, 3) + 10, odd(shape, 5) + 1, 9, odd(shape, 9)};
      int[] y = {x[0], w.depth().outputs(x[1]), w.height().outputs(x[2]), w.width().outputs(9), 5};
      Trial.Both input = t.normal(x);
      Trial.Both weight = t.normal(5, w.taps(), x[4]);
      Trial.Both bias = t.normal(5);
      Trial.Both output = t.poisoned(y);
      Trial.Both dy = t.normal(y);
      t.agree(
          "convolution",
          k -> k.convolutionForward(input.of(k), w, weight.of(k), bias.of(k), output.of(k)),
          output);
      Trial.Both dx = t.poisoned(x);
      for (boolean add : new boolean[] {false, true}) {
        t.agree(
            "convolution, dx",
            k -> k.convolutionBackwardInput(dy.of(k), w, weight.of(k), dx.of(k), add),
            dx);
      }
      t.agree(
          "convolution, dW",
          k -> k.convolutionBackwardParameters(input.of(k), w, dy.of(k), weight.of(k), bias.of(k)),
          weight,
          bias);
      Windows pool = Windows.of(List.of(new Window(3, 1 + shape % 3, 1, 1, 1), Window.of(2)));
      int[] p = {x[0], x[1], pool.height().outputs(x[2]), pool.width().outputs(9), x[4]};
      Trial.Both largest = t.poisoned(p);
      Trial.Both winners = t.poisoned(p);
      t.agree(
          "max pooling",
          k -> k.maxPoolForward(input.of(k), pool, largest.of(k), winners.of(k)),
          largest,
          winners);
      for (boolean add : new boolean[] {false, true}) {
        t.agree(
            "max pooling, dx",
            k -> k.maxPoolBackward(largest.of(k), pool, winners.of(k), dx.of(k), add),
            dx);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void positionsAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int shape = 0; shape < shapes(); shape++) {
      int heads = 1 + random.nextInt(4);
      int width = heads * 2 * (1 + random.nextInt(5));
      int batch = odd(shape, 4);
      int time = shape == 0 ? 1 : 1 + random.nextInt(40);
      Trial.Both qkv = t.normal(batch, time, 3 * width);
      Trial.Both y = t.poisoned(batch, time, width);
      Trial.Both dy = t.normal(batch, time, width);
      t.agree("sinusoids", k -> k.addSinusoids(dy.of(k), 3, y.of(k)), y);
      t.agree("rotary", k -> k.rotary(qkv.of(k), heads, 3, false), qkv);
      t.agree("rotary back", k -> k.rotary(qkv.of(k), heads, 70, true), qkv);
      Trial.Both bias = t.normal(heads, time + 6);
      Trial.Both weights = t.poisoned(batch, heads, time, time);
      t.agree(
          "attention with a bias",
          k ->
              k.causalAttentionForward(
                  qkv.of(k), heads, bias.of(k), 0.1, 9, y.of(k), weights.of(k)),
          y,
          weights);
      Trial.Both dQkv = t.poisoned(batch, time, 3 * width);
      Trial.Both dBias = t.normal(heads, time + 6);
      t.agree(
          "backward with a bias",
          k ->
              k.causalAttentionBackward(
                  qkv.of(k),
                  heads,
                  0.1,
                  9,
                  weights.of(k),
                  dy.of(k),
                  dQkv.of(k),
                  false,
                  dBias.of(k)),
          dQkv,
          dBias);
      Trial.Both cache = t.normal(time + 7, 2 * width);
      Trial.Both more = t.normal(1, time, 3 * width);
      Trial.Both heard = t.poisoned(1, time, width);
      t.agree(
          "continued attention with a bias",
          k ->
              k.continuedAttentionForward(
                  more.of(k), heads, bias.of(k), cache.of(k), 5, heard.of(k)),
          heard,
          cache);
    }
  }

  @ParameterizedTest
  @EnumSource
  void vectorsAgreeWithTheReference(Precision precision) {
    Trial t = trial(precision);
    for (int n : new int[] {1, 255, 5000}) {
      Trial.Both x = t.normal(n);
      Trial.Both y = t.normal(n);
      Trial.Both z = t.poisoned(n);
      t.agree("add", k -> k.add(x.of(k), y.of(k), z.of(k)), z);
      t.agree("copy", k -> k.copy(x.of(k), z.of(k), false), z);
      t.agree("copy +=", k -> k.copy(x.of(k), z.of(k), true), z);
      t.agree("scale", k -> k.scale(z.of(k), -1.5), z);
      t.agree("add scaled", k -> k.addScaled(x.of(k), 0.3, z.of(k)), z);
      t.agree("fill", k -> z.of(k).fill(-2.5), z);
      t.agree("dropout", k -> k.dropout(x.of(k), 0.4, 77, z.of(k), false), z);
      t.agree("dropout +=", k -> k.dropout(x.of(k), 0.4, 78, z.of(k), true), z);
      assertThat(t.kernels().sumOfSquares(x.far()))
          .isCloseTo(REFERENCE.sumOfSquares(x.near()), within(1e-9 * n));
      Trial.Both m = t.normal(n);
      Trial.Both v = t.normal(n);
      v.near().copyFrom(Arrays.stream(v.far().toDoubles()).map(Math::abs).toArray());
      v.far().copyFrom(v.near());
      t.agree(
          "AdamW",
          k -> k.adamW(y.of(k), x.of(k), m.of(k), v.of(k), 0.5, 0.01, 0.9, 0.99, 1e-8, 0.1, 3),
          y,
          m,
          v);
      t.agree(
          "moments of AdamW", k -> k.adamWMoments(x.of(k), m.of(k), v.of(k), 0.5, 0.9, 0.99), m, v);
      t.agree("step of AdamW", k -> k.adamWStep(y.of(k), m.of(k), v.of(k), STEP), y);
    }
  }

  @Test
  void nanIsPassedOn() {
    Trial t = trial(Precision.FLOAT);
    Tensor x = t.kernels().zeros(1, 3);
    x.copyFrom(new float[] {1, Float.NaN, -1});
    Tensor y = t.kernels().zeros(1, 3);
    for (Activation f : Activation.values()) {
      t.kernels().activationForward(f, x, y);
      assertThat(y.toFloats()[1]).as("" + f).isNaN();
      assertThat(y.toFloats()[0]).as("" + f).isFinite();
    }
    t.kernels().softmaxForward(x, y);
    assertThat(y.toFloats()[0]).isNaN();
    Tensor loss = t.kernels().zeros(1);
    t.kernels().softmaxCrossEntropyForward(x, new Ids(new int[] {0}, 1, 1), y, loss);
    assertThat(loss.toFloats()[0]).isNaN();
    assertThat(t.kernels().sumOfSquares(x)).isNaN();
    Tensor three = x.reshape(1, 1, 1, 3, 1);
    Tensor largest = t.kernels().zeros(1, 1, 1, 2, 1);
    Windows pairs = Windows.of(List.of(Window.of(2)));
    t.kernels().maxPoolForward(three, pairs, largest, t.kernels().zeros(1, 1, 1, 2, 1));
    assertThat(largest.toFloats()).containsOnly(Float.NaN);
  }

  @Test
  void theSameInputGivesTheSameBits() {
    Trial t = trial(Precision.FLOAT);
    Ids ids = new Ids(random.ints(600, 0, 3).toArray(), 6, 100);
    Trial.Both dy = t.normal(6, 100, 40);
    Tensor first = t.kernels().zeros(3, 40);
    Tensor second = t.kernels().zeros(3, 40);
    t.kernels().embeddingBackward(ids, dy.far(), first);
    t.kernels().embeddingBackward(ids, dy.far(), second);
    assertThat(second.toFloats()).containsExactly(first.toFloats());
    assertThat(t.kernels().sumOfSquares(dy.far())).isEqualTo(t.kernels().sumOfSquares(dy.far()));
  }

  @TestFactory
  List<DynamicTest> everyGradientCheckPasses() {
    GradientCheck check =
        new GradientCheck(SEED, checkedElements(), new CudaKernels(device(Precision.DOUBLE)));
    return GradientChecks.cases(SEED).stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () -> {
                      GradientCheck.Report report = check.check(c);
                      assertThat(report.ok()).as(report.toString()).isTrue();
                    }))
        .toList();
  }

  /** Differences of rounding grow from step to step, so the losses are compared early. */
  @Test
  void aTrainingFollowsThatOfTheReference() {
    double[] here = SmallTraining.losses(new CudaKernels(device(Precision.FLOAT)), steps());
    double[] reference = SmallTraining.losses(new ReferenceKernels(Precision.FLOAT), steps());
    assertThat(here).containsExactly(reference, within(2e-3));
    assertThat(here[steps() - 1]).isLessThan(here[0] - 0.5);
    assertThat(SmallTraining.losses(new CudaKernels(device(Precision.FLOAT)), steps()))
        .containsExactly(here);
  }

  /** Small, and 1 now and then. */
  private int odd(int shape, int limit) {
    return shape % 5 == 0 ? 1 : 1 + random.nextInt(limit);
  }

  private Ids targets(int rows, int columns) {
    int[] values = random.ints(rows, 0, columns).toArray();
    if (rows > 2) {
      values[1] = Ids.IGNORED;
    }
    return new Ids(values, 1, rows);
  }

  private Trial trial(Precision precision) {
    return new Trial(new CudaKernels(device(precision)), random);
  }
}
