package org.wordmill.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.lm.LanguageModel;

/**
 * Tokens a second of generation with and without key-value caches, and of scoring, by the default
 * kernels on one thread; 6 layers, 6 heads, width 384, vocabulary 65, random weights.
 *
 * <pre>
 * mvn -pl core test-compile
 * mvn -pl core dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/classpath
 * java --add-modules jdk.incubator.vector \
 *   -cp core/target/classes:core/target/test-classes:$(cat core/target/classpath) \
 *   org.wordmill.model.GenerationBenchmark [context] [windows of measurement]
 * </pre>
 */
final class GenerationBenchmark {
  private static final int VOCABULARY = 65;

  private GenerationBenchmark() {}

  /**
   * @param arguments the context, 256 by default, and the number of measurements, 5 by default
   */
  public static void main(String[] arguments) {
    int context = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 256;
    int measurements = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    TransformerConfig config = new TransformerConfig(VOCABULARY, context, 6, 6, 384, 0);
    RandomModel random = RandomModel.of(config, 1, 1, KernelChoice.AUTO);
    System.out.printf(
        Locale.ROOT,
        "%s kernels, context %d%n",
        KernelChoice.AUTO.create(Precision.FLOAT).name(),
        context);
    // Whole cycles of half a context, so that each pays for reading one window again.
    double cached = tokensPerSecond(random.cached(), context, 2 * context, measurements);
    double whole = tokensPerSecond(random.whole(), context, Math.min(context, 32), measurements);
    System.out.printf(
        Locale.ROOT,
        "with caches %.1f tokens/s, without %.1f, ratio %.1f%n",
        cached,
        whole,
        cached / whole);
    System.out.printf(
        Locale.ROOT, "scoring %.1f tokens/s%n", scored(random.cached(), 4096, measurements));
  }

  /** The median over measurements, after a text of one context has been read. */
  private static double tokensPerSecond(
      LanguageModel model, int context, int tokens, int measurements) {
    LanguageModel.State state = model.start();
    // Without caches, measured where windows are full on average: between half and all of it.
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < context + context / 4; i++) {
      state = model.advance(state, random.nextInt(VOCABULARY));
    }
    double[] rates = new double[measurements];
    float[] die = new float[VOCABULARY];
    for (int m = -1; m < measurements; m++) {
      long start = System.nanoTime();
      for (int i = 0; i < tokens; i++) {
        model.nextLogProbabilities(state, die);
        // Not the likeliest: a model without training repeats itself, and caches would know all.
        state = model.advance(state, random.nextInt(VOCABULARY));
      }
      record(rates, m, tokens, start);
    }
    return median(rates);
  }

  private static double scored(LanguageModel model, int tokens, int measurements) {
    int[] text = new SplittableRandom(5).ints(tokens, 0, VOCABULARY).toArray();
    double[] rates = new double[measurements];
    for (int m = -1; m < measurements; m++) {
      long start = System.nanoTime();
      model.logProbabilities(model.start(), text, new double[tokens]);
      record(rates, m, tokens, start);
    }
    return median(rates);
  }

  /** The run before the first is warm-up. */
  private static void record(double[] rates, int measurement, int tokens, long start) {
    if (measurement >= 0) {
      rates[measurement] = tokens / ((System.nanoTime() - start) * 1e-9);
    }
  }

  private static double median(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
