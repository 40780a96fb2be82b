package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Recomputation;
import org.wordmill.tape.StepArena;
import org.wordmill.tape.StepPlan;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** What whole training steps allocate once they are under way. */
final class TrainingMemoryTest {
  private static final int STEPS = 200;
  private static final int MOST_STEPS = 5000;
  private static final int QUIET = 20;
  private static final int MEBIBYTE = 1 << 20;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void stepsOfOneShapeTakeNoNewMemory() {
    TransformerLm model = new TransformerLm(new TransformerConfig(65, 64, 2, 4, 64, 0.1));
    Kernels kernels = KernelChoice.FUSED.create(Precision.FLOAT);
    ParameterVector values = new ParameterVector(model.layout(), Precision.FLOAT);
    ParameterVector gradients = new ParameterVector(model.layout(), Precision.FLOAT);
    ParameterVector first = new ParameterVector(model.layout(), Precision.FLOAT);
    ParameterVector second = new ParameterVector(model.layout(), Precision.FLOAT);
    values.initialize(1);
    Tape tape = new Tape(kernels, values, gradients);
    StepArena arena = new StepArena(kernels);
    SplittableRandom random = new SplittableRandom(1);
    int[] text = random.ints(4 * 64 + 1, 0, 65).toArray();
    Ids inputs = new Ids(Arrays.copyOf(text, 4 * 64), 4, 64);
    Ids targets = new Ids(Arrays.copyOfRange(text, 1, text.length), 4, 64);

    StepPlan plan =
        StepPlan.ofTraining(
            kernels,
            model.layout(),
            Recomputation.NONE,
            rehearsal -> {
              Variable loss = model.loss(rehearsal, inputs, targets);
              rehearsal.backward(loss);
              return loss;
            });

    int quiet = 0;
    long[] tapeBytes = new long[STEPS];
    long[] arrays = new long[STEPS];
    long[] offHeap = new long[STEPS];
    // Vectors are objects until the compiler has seen the loops, which a busy machine delays.
    for (int step = 0; step < STEPS || (quiet < QUIET && step < MOST_STEPS); step++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      gradients.flat().fill(0);
      tape.reset(step, plan, arena);
      Variable loss = model.loss(tape, inputs, targets);
      tape.backward(loss);
      for (Parameter p : model.layout().parameters()) {
        kernels.adamW(
            values.of(p),
            gradients.of(p),
            first.of(p),
            second.of(p),
            1.0 / 256,
            1e-3,
            0.9,
            0.99,
            1e-8,
            0,
            step + 1L);
      }
      long heap = threads.getCurrentThreadAllocatedBytes() - before;
      quiet = heap < MEBIBYTE ? quiet + 1 : 0;
      if (step < STEPS) {
        tapeBytes[step] = tape.memoryBytes();
        // ND4J numbers its arrays outside the heap as it makes them.
        arrays[step] = Nd4j.getDeallocatorService().nextValue();
        offHeap[step] = Pointer.totalBytes();
      }
    }
    assertThat(tapeBytes).containsOnly(tapeBytes[0]);
    // What JavaCPP allocates; less only when the collector finds what was set up before.
    for (int step = 2; step < STEPS; step++) {
      assertThat(offHeap[step]).isLessThanOrEqualTo(offHeap[step - 1]);
    }
    // Asking takes a number, too.
    assertThat(arrays[STEPS - 1] - arrays[1]).isEqualTo(STEPS - 2);
    assertThat(quiet).isGreaterThanOrEqualTo(QUIET);
  }
}
