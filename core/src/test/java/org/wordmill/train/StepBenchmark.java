package org.wordmill.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;

/**
 * Tokens a second of whole training steps (forward, backward, clipping, AdamW) of a Transformer, by
 * the default kernels and one worker for each core, on random tokens; the median of windows after a
 * warm-up. {@code core/src/test/python/step_benchmark.py} does the same in PyTorch.
 *
 * <pre>
 * mvn -pl core test-compile
 * mvn -pl core dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/classpath
 * java --add-modules jdk.incubator.vector \
 *   -cp core/target/classes:core/target/test-classes:$(cat core/target/classpath) \
 *   org.wordmill.train.StepBenchmark S|M|L [seconds of a window] [kernels]
 * </pre>
 */
final class StepBenchmark {
  private static final int WINDOWS = 5;
  private static final int WARM_UP = 4;

  /** A model and its batch: S is nanoGPT's CPU preset, L has GPT-2's width and vocabulary. */
  private record Size(TransformerConfig model, int batch) {}

  private static final Map<String, Size> SIZES =
      Map.of(
          "S", new Size(new TransformerConfig(65, 64, 4, 4, 128, 0), 12),
          "M", new Size(new TransformerConfig(65, 256, 6, 6, 384, 0), 16),
          "L", new Size(new TransformerConfig(50257, 256, 4, 12, 768, 0), 4));

  private StepBenchmark() {}

  /**
   * @param arguments the size, the seconds of a window, 2 by default, and kernels other than auto
   */
  public static void main(String[] arguments) {
    String name = arguments[0];
    double window = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 2;
    Size size = Objects.requireNonNull(SIZES.get(name), "the size is S, M or L");
    int workers = Math.min(Runtime.getRuntime().availableProcessors(), size.batch());
    TrainingConfig config =
        new TrainingConfig(
            size.model(),
            Batching.of(size.batch(), workers),
            new Optimization(
                new AdamW(0.9, 0.99, 1e-8, 0.1),
                new LearningRate.Constant(1e-3),
                new GradientClipping(1),
                1),
            new Schedule(1, 1, 0, 1, 0, 2),
            KernelChoice.parse(arguments.length > 2 ? arguments[2] : "auto"),
            1);
    Tokens tokens =
        TokenArray.of(
            new SplittableRandom(1).ints(200_000, 0, size.model().vocabularySize()).toArray());
    TrainingState state = new TrainingState(config);
    WorkerTeam team = new WorkerTeam(workers);
    for (int i = 0; i < workers; i++) {
      int worker = i;
      Thread thread = new Thread(() -> serve(team, worker));
      thread.setDaemon(true);
      thread.start();
    }
    int context = size.model().contextLength();
    try (GradientSync sync =
        new TeamSync(
            state,
            new TrainingStep(tokens, context, config.batching(), 1),
            new EvaluationStep(tokens, context, config.batching(), 1),
            team)) {
      double[] rates = new double[WINDOWS];
      for (int i = -WARM_UP; i < WINDOWS; i++) {
        double rate = rate(sync, state, window, config.tokensPerStep());
        if (i >= 0) {
          rates[i] = rate;
        }
      }
      Arrays.sort(rates);
      System.out.printf(
          Locale.ROOT,
          "wordmill %s, %s kernels, %s: %.0f tokens/s%n",
          name,
          state.kernels().name(),
          sync.name(),
          rates[WINDOWS / 2]);
    }
  }

  private static void serve(WorkerTeam team, int worker) {
    try {
      team.serve(worker);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double rate(
      GradientSync sync, TrainingState state, double window, long tokensPerStep) {
    long begin = System.nanoTime();
    long steps = 0;
    while ((System.nanoTime() - begin) * 1e-9 < window || steps < 2) {
      StepProfile.step(sync, state);
      steps++;
    }
    return steps * tokensPerStep / ((System.nanoTime() - begin) * 1e-9);
  }
}
