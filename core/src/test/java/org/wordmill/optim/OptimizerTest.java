package org.wordmill.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;

class OptimizerTest {
  private static final int STEPS = 7;

  private final Parameter matrix = new Parameter("w", new Initializer.Normal(1), 3, 5);
  private final Parameter gain = new Parameter("g", new Initializer.Normal(1), 5);
  private final Parameter bias = new Parameter("b", new Initializer.Normal(1), 17);
  private final Parameter last = new Parameter("v", new Initializer.Normal(1), 2, 2);
  private final ParameterLayout layout =
      new ParameterLayout(
          new Module() {
            @Override
            public List<Parameter> parameters() {
              return List.of(matrix, gain, bias, last);
            }
          });
  private final Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
  private final ParameterVector values = new ParameterVector(layout, Precision.DOUBLE);
  private final ParameterVector gradients = new ParameterVector(layout, Precision.DOUBLE);

  @Test
  void adamWFollowsTheFormulaElementByElement() {
    AdamW rule = new AdamW(0.9, 0.95, 1e-8, 0.1);
    Optimizer optimizer = new Optimizer(rule, kernels, values, gradients);
    values.initialize(1);
    double[] w = values.flat().toDoubles();
    double[] m = new double[w.length];
    double[] v = new double[w.length];
    for (int t = 1; t <= STEPS; t++) {
      double[] g = drawGradients(t);
      double scale = 1.0 / (10 + t);
      double rate = 0.01 * t;
      optimizer.update(scale, rate);
      for (int i = 0; i < w.length; i++) {
        double scaled = g[i] * scale;
        m[i] = 0.9 * m[i] + 0.1 * scaled;
        v[i] = 0.95 * v[i] + 0.05 * scaled * scaled;
        double mean = m[i] / (1 - Math.pow(0.9, t));
        double variance = v[i] / (1 - Math.pow(0.95, t));
        double decay = decays(i) ? 0.1 * w[i] : 0;
        w[i] -= rate * (mean / (Math.sqrt(variance) + 1e-8) + decay);
      }
      assertThat(values.flat().toDoubles()).containsExactly(w, within(1e-12));
    }
    assertThat(optimizer.updates()).isEqualTo(STEPS);
    assertThat(optimizer.state().keySet()).containsExactly("moment1", "moment2");
  }

  @Test
  void plainDescentFollowsTheFormula() {
    Optimizer optimizer = new Optimizer(new Sgd(0, false, 0.2), kernels, values, gradients);
    values.initialize(2);
    double[] w = values.flat().toDoubles();
    for (int t = 1; t <= STEPS; t++) {
      double[] g = drawGradients(t);
      optimizer.update(0.5, 0.1);
      for (int i = 0; i < w.length; i++) {
        w[i] -= 0.1 * (0.5 * g[i] + (decays(i) ? 0.2 * w[i] : 0));
      }
      assertThat(values.flat().toDoubles()).containsExactly(w, within(1e-12));
    }
    assertThat(optimizer.state()).isEmpty();
  }

  @Test
  void momentumFollowsTheFormula() {
    momentum(false);
  }

  @Test
  void nesterovsMomentumFollowsTheFormula() {
    momentum(true);
  }

  private void momentum(boolean nesterov) {
    Optimizer optimizer = new Optimizer(new Sgd(0.8, nesterov, 0.2), kernels, values, gradients);
    values.initialize(3);
    double[] w = values.flat().toDoubles();
    double[] b = new double[w.length];
    for (int t = 1; t <= STEPS; t++) {
      double[] g = drawGradients(t);
      optimizer.update(0.5, 0.1);
      for (int i = 0; i < w.length; i++) {
        double d = 0.5 * g[i] + (decays(i) ? 0.2 * w[i] : 0);
        b[i] = 0.8 * b[i] + d;
        w[i] -= 0.1 * (nesterov ? d + 0.8 * b[i] : b[i]);
      }
      assertThat(values.flat().toDoubles()).containsExactly(w, within(1e-12));
    }
  }

  @Test
  void savedStateContinuesExactly() {
    AdamW rule = new AdamW(0.9, 0.95, 1e-8, 0.1);
    Optimizer unbroken = new Optimizer(rule, kernels, values, gradients);
    values.initialize(4);
    drawGradients(1);
    unbroken.update(1, 0.1);

    ParameterVector copy = new ParameterVector(layout, Precision.DOUBLE);
    ParameterVector copyGradients = new ParameterVector(layout, Precision.DOUBLE);
    Optimizer resumed = new Optimizer(rule, kernels, copy, copyGradients);
    copy.flat().copyFrom(values.flat());
    Map<String, Tensor> saved = unbroken.state();
    resumed.state().forEach((name, vector) -> vector.copyFrom(saved.getOrDefault(name, vector)));
    resumed.resumeAfter(unbroken.updates());

    copyGradients.flat().copyFrom(drawGradients(2));
    unbroken.update(1, 0.1);
    resumed.update(1, 0.1);
    assertThat(copy.flat().toDoubles()).containsExactly(values.flat().toDoubles());
  }

  /** Cut within parameters, and where some decay and others do not. */
  @Test
  void optimizersOfPartsDoTogetherWhatOneOfTheWholeDoes() {
    AdamW rule = new AdamW(0.9, 0.95, 1e-8, 0.1);
    Optimizer whole = new Optimizer(rule, kernels, values, gradients);
    values.initialize(5);
    ParameterVector cut = new ParameterVector(layout, Precision.DOUBLE);
    cut.flat().copyFrom(values.flat());
    int[] ends = {0, 7, 37, Math.toIntExact(layout.size())};
    for (int t = 1; t <= STEPS; t++) {
      drawGradients(t);
      whole.update(0.5, 0.1);
    }
    for (int i = 1; i < ends.length; i++) {
      int length = ends[i] - ends[i - 1];
      Tensor gradient = kernels.zeros(length);
      Optimizer part = new Optimizer(rule, kernels, cut, gradient, ends[i - 1], ends[i]);
      for (int t = 1; t <= STEPS; t++) {
        drawGradients(t);
        gradient.copyFrom(gradients.flat().view(ends[i - 1], length));
        part.update(0.5, 0.1);
      }
      assertThat(part.end(part.pieces() - 1)).isEqualTo(ends[i]);
      assertThat(part.state().values())
          .hasSize(2)
          .allSatisfy(moment -> assertThat(moment.size()).isEqualTo(length));
    }
    assertThat(cut.flat().toDoubles()).containsExactly(values.flat().toDoubles());
  }

  @Test
  void aGradientThatIsAbsorbedPieceByPieceDoesWhatItDoesAsAWhole() {
    for (KernelChoice choice : List.of(KernelChoice.REFERENCE, KernelChoice.FUSED)) {
      Kernels floats = choice.create(Precision.FLOAT);
      AdamW rule = new AdamW(0.9, 0.95, 1e-8, 0.1);
      ParameterVector whole = new ParameterVector(layout, floats);
      ParameterVector absorbing = new ParameterVector(layout, floats);
      whole.initialize(6);
      absorbing.initialize(6);
      ParameterVector gradient = new ParameterVector(layout, floats);
      Optimizer atOnce = new Optimizer(rule, floats, whole, gradient);
      Optimizer inPieces =
          new Optimizer(
              rule,
              floats,
              absorbing,
              () -> {
                throw new AssertionError("nobody has the gradient as a whole");
              });
      assertThat(inPieces.absorbs()).isTrue();
      int size = Math.toIntExact(layout.size());
      for (int t = 1; t <= STEPS; t++) {
        gradient.flat().copyFrom(drawGradients(t));
        inPieces.begin();
        float[] before = absorbing.flat().toFloats();
        for (int at : new int[] {20, 0, 3}) {
          int length = at == 20 ? size - 20 : at == 0 ? 3 : 17;
          inPieces.absorb(floats, at, gradient.flat().view(at, length), 0.5);
        }
        assertThat(absorbing.flat().toFloats()).isEqualTo(before);
        inPieces.step(0.1 * t);
        atOnce.update(0.5, 0.1 * t);
        assertThat(absorbing.flat().toFloats()).isEqualTo(whole.flat().toFloats());
        Iterator<Tensor> expected = atOnce.state().values().iterator();
        for (Tensor vector : inPieces.state().values()) {
          assertThat(vector.toFloats()).isEqualTo(expected.next().toFloats());
        }
      }
    }
  }

  @Test
  void descentNeedsTheGradientWhereItChangesTheParameters() {
    Optimizer optimizer = new Optimizer(new Sgd(0.9, true, 0), kernels, values, gradients);
    assertThat(optimizer.absorbs()).isFalse();
    assertThatThrownBy(() -> optimizer.step(0.1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs the gradient");
  }

  @Test
  void hyperParametersOutsideTheirRangeAreRefused() {
    assertThatThrownBy(() -> new AdamW(1, 0.9, 1e-8, 0)).hasMessageContaining("beta1");
    assertThatThrownBy(() -> new AdamW(0.9, 0.9, 0, 0)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Sgd(0, true, 0)).hasMessageContaining("Nesterov");
    assertThatThrownBy(() -> new Sgd(-0.1, false, 0)).hasMessageContaining("momentum");
  }

  /** Gradients of step {@code t}, zero in the alignment as the tape leaves them. */
  private double[] drawGradients(int t) {
    SplittableRandom random = new SplittableRandom(t);
    double[] g = new double[Math.toIntExact(layout.size())];
    for (Parameter parameter : layout.parameters()) {
      for (int i = 0; i < parameter.size(); i++) {
        g[(int) layout.offset(parameter) + i] = random.nextDouble() - 0.4;
      }
    }
    gradients.flat().copyFrom(g);
    return g;
  }

  private boolean decays(int element) {
    return element < layout.offset(gain) || element >= layout.offset(last);
  }
}
