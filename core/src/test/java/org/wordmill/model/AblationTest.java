package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * What a Transformer cannot learn without one of its parts: small models on random symbols, of
 * which each is to be followed by the one before it.
 */
final class AblationTest {
  private static final int SYMBOLS = 4;
  private static final int BATCH = 16;
  private static final int TIME = 8;

  /** One layer is told by nothing but positions which of the symbols it hears was the last. */
  @ParameterizedTest
  @EnumSource
  void withoutPositionsTheSymbolBeforeIsNotFound(PositionKind positions) {
    TransformerConfig config =
        new TransformerConfig(SYMBOLS, TIME, 1, 2, 32, 0).withPositions(positions);
    double loss = loss(config, 600, 3e-3);
    if (positions == PositionKind.NONE) {
      assertThat(loss).isGreaterThan(0.7);
    } else {
      assertThat(loss).isLessThan(0.3);
    }
  }

  @Test
  void twelveLayersLearnWithResidualConnectionsAndStallWithout() {
    TransformerConfig deep = new TransformerConfig(SYMBOLS, TIME, 12, 2, 32, 0);
    assertThat(loss(deep, 150, 3e-3)).isLessThan(0.2);
    // Guessing costs ln 4 for each symbol.
    assertThat(loss(deep.withResidual(false), 150, 3e-3)).isGreaterThan(0.9 * Math.log(SYMBOLS));
  }

  /** The mean loss in nats of the last ten of so many steps of Adam. */
  private static double loss(TransformerConfig config, int steps, double rate) {
    TransformerLm model = config.build();
    Kernels kernels = KernelChoice.AUTO.create(Precision.FLOAT);
    ParameterVector values = new ParameterVector(model.layout(), kernels);
    ParameterVector gradients = new ParameterVector(model.layout(), kernels);
    Tensor first = kernels.zeros(Math.toIntExact(values.flat().size()));
    Tensor second = kernels.zeros(Math.toIntExact(values.flat().size()));
    values.initialize(3);
    Tape tape = new Tape(kernels, values, gradients);
    SplittableRandom random = new SplittableRandom(5);
    int targets = BATCH * (TIME - 1);
    double sum = 0;
    for (int step = 1; step <= steps; step++) {
      int[] symbols = random.ints(BATCH * TIME, 0, SYMBOLS).toArray();
      int[] before = new int[BATCH * TIME];
      for (int i = 0; i < before.length; i++) {
        before[i] = i % TIME == 0 ? Ids.IGNORED : symbols[i - 1];
      }
      tape.reset(step);
      gradients.flat().fill(0);
      Variable loss = model.loss(tape, new Ids(symbols, BATCH, TIME), new Ids(before, BATCH, TIME));
      tape.backward(loss);
      if (step > steps - 10) {
        sum += loss.value().toFloats()[0] / targets / 10;
      }
      kernels.adamW(
          values.flat(),
          gradients.flat(),
          first,
          second,
          1.0 / targets,
          rate,
          0.9,
          0.99,
          1e-8,
          0,
          step);
    }
    return sum;
  }
}
