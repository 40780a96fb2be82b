package org.wordmill.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.ReferenceKernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.Add;
import org.wordmill.module.Linear;
import org.wordmill.module.Tanh;

/** Why the calls are popped from a stack: from a queue, gradients are wrong or never arrive. */
class TapeOrderTest {
  private final Linear linear =
      new Linear(
          new Parameter("w", new Initializer.Constant(0.5), 1, 1),
          new Parameter("b", new Initializer.Constant(0.1), 1));
  private final ParameterLayout layout = new ParameterLayout(linear);
  private final ParameterVector values = new ParameterVector(layout, Precision.DOUBLE);
  private final ParameterVector gradients = new ParameterVector(layout, Precision.DOUBLE);
  private final Tape tape = new Tape(new ReferenceKernels(Precision.DOUBLE), values, gradients);

  /** y = tanh(u) + u with u = w x + b, so dy/dw = (2 - tanh(u)^2) x. */
  private Variable forward(double x) {
    values.initialize(1);
    Variable u = tape.apply(linear, tape.constant(Tensor.of(new double[] {x}, 1, 1)));
    return tape.apply(new Add(), tape.apply(new Tanh(), u), u);
  }

  @Test
  void poppedLastFirstTheGradientIsRight() {
    Variable y = forward(3);
    backward(lastFirst(), y);
    double expected = (2 - Math.pow(Math.tanh(1.6), 2)) * 3;
    assertThat(gradient()).isCloseTo(expected, within(1e-12));
  }

  /** The linear call comes first, when nothing is known of the gradient of its output. */
  @Test
  void poppedFirstFirstTheGradientNeverArrives() {
    Variable y = forward(3);
    backward(tape.calls(), y);
    assertThat(gradient()).isZero();
  }

  /** The linear call after the sum and before the tanh: one of two parts of du is missing. */
  @Test
  void poppedBeforeEveryUserOfItsOutputTheGradientLacksAPart() {
    Variable y = forward(3);
    List<Call> calls = tape.calls();
    backward(List.of(calls.get(2), calls.get(0), calls.get(1)), y);
    assertThat(gradient()).isCloseTo(3, within(1e-12));
  }

  private List<Call> lastFirst() {
    List<Call> calls = new ArrayList<>(tape.calls());
    Collections.reverse(calls);
    return calls;
  }

  /** What {@link Tape#backward} does, in a given order. */
  private static void backward(List<Call> calls, Variable y) {
    GradientSlot slot = Objects.requireNonNull(y.slot());
    slot.claim();
    slot.tensor().fill(1);
    for (Call call : calls) {
      if (call.outputSlot().written()) {
        call.module().backward(call);
      }
    }
  }

  private double gradient() {
    return gradients.of(layout.parameters().get(0)).toDoubles()[0];
  }
}
