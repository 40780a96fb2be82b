package org.wordmill.kernel.cuda;

import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.model.TransformerConfig;
import org.wordmill.model.TransformerLm;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.Optimizer;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** A Transformer of two layers that learns one sentence by heart. */
final class SmallTraining {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(3);
  private static final int TIME = 16;
  private static final int BATCH = 6;

  private SmallTraining() {}

  /** Nats per token before each step. */
  static double[] losses(Kernels kernels, int steps) {
    TransformerLm model = new TransformerConfig(128, TIME, 2, 4, 32, 0.1).build();
    ParameterVector values = new ParameterVector(model.layout(), kernels);
    ParameterVector gradients = new ParameterVector(model.layout(), kernels);
    values.initialize(5);
    Optimizer optimizer =
        new Optimizer(new AdamW(0.9, 0.99, 1e-8, 0.1), kernels, values, gradients);
    Tape tape = new Tape(kernels, values, gradients);
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      gradients.flat().fill(0);
      tape.reset(step);
      Variable loss = model.loss(tape, window(step, 0), window(step, 1));
      losses[step] = loss.value().toDoubles()[0] / (BATCH * TIME);
      tape.backward(loss);
      optimizer.update(1.0 / (BATCH * TIME), 3e-3);
    }
    return losses;
  }

  private static Ids window(int step, int shift) {
    int[] ids = new int[BATCH * TIME];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = TEXT.charAt((step * 7 + i / TIME * 11 + i % TIME + shift) % TEXT.length());
    }
    return new Ids(ids, BATCH, TIME);
  }
}
