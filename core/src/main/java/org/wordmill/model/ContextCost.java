package org.wordmill.model;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.attention.TransformerBlock;
import org.wordmill.module.recurrent.RecurrentLayer;
import org.wordmill.module.recurrent.Rnn;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * What a longer context costs: the time of one layer forward and backward over one sequence of T
 * vectors of width C. A Transformer's grows with 12 C^2 T + C T^2, because every position hears
 * every other; that of Elman's network with 2 C^2 T, step by step.
 *
 * @param context T
 * @param transformerSeconds of one block, attention and feed-forward part
 * @param rnnSeconds of one recurrent layer
 */
public record ContextCost(int context, double transformerSeconds, double rnnSeconds) {
  private static final int WARM_UP = 3;
  private static final long SEED = 1;
  private static final double DEVIATION = 0.02;

  /**
   * Measures one length; the fastest of several runs counts, because other work of the machine only
   * ever adds time.
   *
   * @param time for each of the two, at least; a run is never cut short
   */
  public static ContextCost measure(
      int width, int heads, int context, KernelChoice choice, Duration time) {
    Kernels kernels = choice.create(Precision.FLOAT);
    Initializer normal = new Initializer.Normal(DEVIATION);
    TransformerBlock block = new TransformerBlock("h.0", width, heads, normal, normal, 0);
    Rnn rnn = new Rnn(RecurrentLayer.of("rnn", width, width));
    Run run = new Run(kernels, width, context, time);
    return new ContextCost(
        context, run.fastest(block, block::forward), run.fastest(rnn, (t, x) -> t.apply(rnn, x)));
  }

  /** The shorter times of two measurements of one length. */
  public ContextCost faster(ContextCost other) {
    return new ContextCost(
        context,
        Math.min(transformerSeconds, other.transformerSeconds),
        Math.min(rnnSeconds, other.rnnSeconds));
  }

  private record Run(Kernels kernels, int width, int context, Duration time) {

    double fastest(Module module, BiFunction<Tape, Variable, Variable> forward) {
      ParameterLayout layout = new ParameterLayout(module);
      ParameterVector values = new ParameterVector(layout, kernels);
      values.initialize(SEED);
      Tape tape = new Tape(kernels, values, new ParameterVector(layout, kernels));
      Tensor x = kernels.zeros(1, context, width);
      double[] numbers =
          new SplittableRandom(SEED).doubles((long) context * width, -1, 1).toArray();
      x.copyFrom(numbers);
      long end = 0;
      long fastest = Long.MAX_VALUE;
      for (int n = 0; n <= WARM_UP || System.nanoTime() < end; n++) {
        long start = System.nanoTime();
        tape.reset(n);
        Variable input = tape.input(x);
        tape.backward(forward.apply(tape, input), x);
        // On a device the work is only queued until something is read.
        input.gradient().view(0, 1).toFloats();
        long now = System.nanoTime();
        if (n >= WARM_UP) {
          fastest = Math.min(fastest, now - start);
        } else {
          end = now + time.toNanos();
        }
      }
      return fastest / 1e9;
    }
  }

  /** Lengths from {@code shortest}, doubling up to {@code longest}. */
  public static List<Integer> doublings(int shortest, int longest) {
    return Stream.iterate(shortest, t -> t <= longest, t -> 2 * t).toList();
  }
}
