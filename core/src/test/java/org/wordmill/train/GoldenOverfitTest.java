package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.TransformerConfig;
import org.wordmill.module.GoldenNumbers;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;
import org.wordmill.tape.Parameter;

/**
 * Ten steps on one batch against PyTorch's: losses, gradient norms and the parameters they end in;
 * golden_overfit.py made the numbers. So the whole step agrees: model, mean over the batch,
 * clipping, schedule, AdamW and which parameters decay.
 */
final class GoldenOverfitTest {
  private static final double TOLERANCE = 5e-5;

  /** Under which the first windows begin at tokens 0 and 5. */
  private static final long SEED = 8;

  /**
   * A bias of keys changes all scores of a query alike, so its gradient is 0, and what Adam makes
   * of the rounding of 0 is as large as any step and agrees with nothing.
   */
  private static final String WITHOUT_GRADIENT = "attn.c_attn.bias";

  private final Map<String, double[]> golden =
      GoldenNumbers.read(GoldenOverfitTest.class, "golden_overfit.txt");

  @TempDir private Path folder;

  @Test
  void theReferenceKernelsMakePyTorchsSteps() {
    agree(KernelChoice.REFERENCE, 1);
  }

  @Test
  void theFusedKernelsMakePyTorchsStepsInTwoPartitions() {
    agree(KernelChoice.FUSED, 2);
  }

  private void agree(KernelChoice kernels, int partitions) {
    TrainingConfig config =
        new TrainingConfig(
                new TransformerConfig(11, 5, 2, 2, 8, 0),
                Batching.of(2, partitions),
                new Optimization(
                    new AdamW(0.9, 0.95, 1e-8, 0.1),
                    new LearningRate.Cosine(0.03, 0.003, 3, 10),
                    new GradientClipping(1),
                    Optimization.NON_FINITE_LIMIT),
                new Schedule(10, 1, 0, 1, 0, 2),
                kernels,
                SEED)
            .withOneBatch();
    TrainingState state = new TrainingState(config);
    List<Parameter> parameters = state.model().layout().parameters();
    for (int j = 0; j < parameters.size(); j++) {
      state.values().of(parameters.get(j)).copyFrom(GoldenNumbers.weights(parameters.get(j), j));
    }
    Tokens tokens =
        TokenArray.of(new int[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 10, 0, 0, 0, 0, 0}); // Two windows.
    RecordedMetrics metrics = new RecordedMetrics();
    try (GradientSync sync = new LocalSync(state, tokens, tokens)) {
      Checkpoints checkpoints = new Checkpoints(new LocalCheckpointStore(folder), metrics::notice);
      new TrainingLoop(state, sync, checkpoints, new TrainingText("", 1, 2), metrics).run();
    }
    assertClose("loss", metrics.losses().stream().mapToDouble(x -> x).toArray());
    assertClose("norm", metrics.steps().stream().mapToDouble(StepMetrics::gradientNorm).toArray());
    assertClose("sum", of(state, values -> Arrays.stream(values).sum()));
    assertClose("squares", of(state, values -> Arrays.stream(values).map(x -> x * x).sum()));
  }

  private static double[] of(TrainingState state, ToDoubleFunction<double[]> number) {
    return state.model().layout().parameters().stream()
        .filter(p -> !p.name().endsWith(WITHOUT_GRADIENT))
        .mapToDouble(p -> number.applyAsDouble(state.values().of(p).toDoubles()))
        .toArray();
  }

  private void assertClose(String name, double[] actual) {
    double[] expected = Objects.requireNonNull(golden.get(name), name);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).as(name).containsExactly(expected, within(TOLERANCE * largest));
  }
}
