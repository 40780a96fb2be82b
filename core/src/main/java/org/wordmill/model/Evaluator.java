package org.wordmill.model;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.SequenceCache;
import org.wordmill.tape.Tape;

/**
 * Runs a model forward for its language model. There is a tape for each shape of input, which finds
 * the memory of its last run again; callers therefore keep the number of shapes small. What is
 * returned is valid until the next run of the same shape. One thread at a time.
 */
final class Evaluator {
  /** Below it, a probability in single precision loses digits. */
  private static final float SMALLEST = 1e-30f;

  private record Shape(int batch, int time) {}

  /** Hears of rows. */
  @FunctionalInterface
  interface RowConsumer {
    void accept(int row, double logProbability);
  }

  private final HiddenModel model;
  private final ParameterVector values;
  private final Kernels kernels;
  private final Map<Shape, Tape> forHidden = new HashMap<>();
  private final Map<Integer, Tape> forScores = new HashMap<>();
  private final Map<Integer, Tensor> forProbabilities = new HashMap<>();

  Evaluator(HiddenModel model, ParameterVector values, Kernels kernels) {
    this.model = model;
    this.kernels = kernels;
    this.values = values.within(kernels);
  }

  Kernels kernels() {
    return kernels;
  }

  /** Vectors [B T, C] for the head, of sequences from their beginning. */
  Tensor hidden(Ids ids) {
    Tape tape = mine(forHidden.computeIfAbsent(new Shape(ids.batch(), ids.time()), s -> tape()));
    tape.reset(0);
    return model.hidden(tape, ids).value();
  }

  /** Vectors [n, C] for the head, of the n tokens that follow those in {@code cache}. */
  Tensor hidden(int[] tokens, SequenceCache cache) {
    Tape tape = mine(forHidden.computeIfAbsent(new Shape(1, tokens.length), s -> tape()));
    tape.resume(cache);
    Tensor hidden = model.hidden(tape, new Ids(tokens, 1, tokens.length)).value();
    cache.extend(tokens.length);
    return hidden;
  }

  /** The scores of the next token [n, V], row by row, for {@code hidden} [n, C]. */
  float[] scores(Tensor hidden) {
    return head(hidden).toFloats();
  }

  /**
   * The log-probabilities of one token after each of the first {@code count} rows of {@code hidden}
   * [n, C], natural logarithms.
   *
   * @param target by row
   */
  void logProbabilities(Tensor hidden, int count, IntUnaryOperator target, RowConsumer consumer) {
    Tensor scores = head(hidden);
    Tensor probabilities =
        forProbabilities.computeIfAbsent(
            scores.rows(), rows -> kernels.zeros(rows, scores.columns()));
    kernels.softmaxForward(scores, probabilities);
    int size = scores.columns();
    float[] p = probabilities.view(0, count, size).toFloats();
    for (int row = 0; row < count; row++) {
      int token = target.applyAsInt(row);
      float likely = p[row * size + token];
      if (likely > SMALLEST) {
        consumer.accept(row, Math.log(likely));
      } else {
        // Too small for a float's digits, or not a number.
        float[] exact = scores.view((long) row * size, 1, size).toFloats();
        consumer.accept(row, exact[token] - Scores.logNormalizer(exact, 0, size));
      }
    }
  }

  private Tensor head(Tensor hidden) {
    Tape tape = mine(forScores.computeIfAbsent(hidden.rows(), rows -> tape()));
    tape.reset(0);
    return model.head(tape, tape.constant(hidden)).value();
  }

  private Tape tape() {
    return Tape.forEvaluation(kernels, values);
  }

  private static Tape mine(Tape tape) {
    tape.handOver();
    return tape;
  }
}
