package org.wordmill.model.glyph;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.LearningRate;
import org.wordmill.optim.Optimizer;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * A training of {@link GlyphClassifier}: mini-batches of new images, AdamW with a rate that falls
 * by half a cosine, and a test on images that were not among them. Everything follows from the
 * seed.
 */
public final class GlyphTraining {
  /** Images of a step. */
  public static final int BATCH = 50;

  private static final int TEST_PIECES = 40;
  private static final double RATE = 3e-3;
  private static final int REPORT_EVERY = 50;

  private final GlyphClassifier model = new GlyphClassifier();
  private final Kernels kernels;
  private final ParameterVector values;
  private final long seed;

  private GlyphTraining(long seed, KernelChoice kernels) {
    this.seed = seed;
    this.kernels = kernels.create(Precision.FLOAT);
    this.values = new ParameterVector(new ParameterLayout(model), this.kernels);
  }

  /**
   * Trains, and tests.
   *
   * @param note hears of the loss now and then
   * @throws WordmillException DIVERGED when the loss is no number any more
   */
  public static GlyphReport run(long seed, int steps, KernelChoice kernels, Consumer<String> note) {
    GlyphTraining training = new GlyphTraining(seed, kernels);
    double loss = training.train(steps, note);
    return training.test(steps, loss);
  }

  /** The images of a training, and those of its test, which come from another seed. */
  private GlyphImages images(boolean held) {
    return new GlyphImages(2 * seed + (held ? 1 : 0));
  }

  private double train(int steps, Consumer<String> note) {
    values.initialize(seed);
    ParameterVector gradients = new ParameterVector(values.layout(), kernels);
    Optimizer optimizer =
        new Optimizer(new AdamW(0.9, 0.99, 1e-8, 0.01), kernels, values, gradients);
    LearningRate rate = new LearningRate.Cosine(RATE, RATE / 30, Math.min(20, steps / 10), steps);
    Tape tape = new Tape(kernels, values, gradients);
    GlyphImages source = images(false);
    Tensor pixels = pixels();
    double mean = 0;
    for (int step = 0; step < steps; step++) {
      GlyphImages.Batch batch = source.next(BATCH);
      pixels.copyFrom(batch.pixels());
      gradients.flat().fill(0);
      tape.reset(step);
      Variable loss = model.loss(tape, tape.constant(pixels), batch.labels());
      mean = loss.value().toDoubles()[0] / BATCH;
      if (!Double.isFinite(mean)) {
        throw new WordmillException(
            ExitCode.DIVERGED, "the loss is " + mean, "step " + step, "choose another --seed");
      }
      tape.backward(loss);
      optimizer.update(1.0 / BATCH, rate.at(step));
      if ((step + 1) % REPORT_EVERY == 0) {
        note.accept(String.format(Locale.ROOT, "step %d: loss %.4f nats", step + 1, mean));
      }
    }
    return mean;
  }

  private GlyphReport test(int steps, double loss) {
    int[][] confusion = new int[GlyphImages.CLASSES][GlyphImages.CLASSES];
    GlyphImages source = images(true);
    Tape tape = Tape.forEvaluation(kernels, values);
    Tensor pixels = pixels();
    GlyphImages.Batch shown = new GlyphImages.Batch(new float[0], new int[0]);
    int[] answers = new int[0];
    for (int piece = 0; piece < TEST_PIECES; piece++) {
      GlyphImages.Batch batch = source.next(BATCH);
      pixels.copyFrom(batch.pixels());
      tape.reset(0);
      float[] scores = model.scores(tape, tape.constant(pixels)).value().toFloats();
      int[] guesses = new int[BATCH];
      for (int n = 0; n < BATCH; n++) {
        guesses[n] = largest(scores, n * GlyphImages.CLASSES);
        confusion[batch.labels()[n]][guesses[n]]++;
      }
      if (piece == 0) {
        shown = batch;
        answers = guesses;
      }
    }
    float[] filters = values.of(model.filters()).toFloats();
    return new GlyphReport(steps, loss, parameters(), confusion, shown, answers, filters);
  }

  private long parameters() {
    return values.layout().parameters().stream().mapToLong(Parameter::size).sum();
  }

  private static int largest(float[] scores, int start) {
    int best = 0;
    for (int i = 1; i < GlyphImages.CLASSES; i++) {
      best = scores[start + i] > scores[start + best] ? i : best;
    }
    return best;
  }

  private Tensor pixels() {
    return kernels.zeros(BATCH, GlyphImages.SIDE, GlyphImages.SIDE, 1);
  }

  /** The sum of all counts of a confusion. */
  static int total(int[][] confusion) {
    return Arrays.stream(confusion).flatMapToInt(Arrays::stream).sum();
  }
}
