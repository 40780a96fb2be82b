package org.wordmill.lm;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.wordmill.text.Vocabulary;

/**
 * Scores one long stream of tokens under a model without sentences: characters, or pieces of words,
 * in which a line end is a token like any other.
 */
public final class StreamScorer {
  /** How many tokens a model is given at once, so that it may compute many positions together. */
  private static final int CHUNK = 4096;

  /** How many Unicode characters an unknown one may be: U+0000 to U+10FFFF without surrogates. */
  private static final int UNICODE_CHARACTERS = 0x110000 - 0x800;

  /** Hears of each token as it is scored. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param token its id
     * @param logProbability natural logarithm
     */
    void token(int token, double logProbability);
  }

  /** Hears nothing. */
  public static final Listener SILENT = (token, logProbability) -> {};

  private StreamScorer() {}

  /**
   * Scores the stream from the model's start, as {@link #score(LanguageModel, int[], long,
   * Listener)}.
   */
  public static Perplexity score(LanguageModel model, int[] tokens, long characters) {
    return score(model, tokens, characters, SILENT);
  }

  /**
   * Scores the stream from the model's start. A token {@code <unk>} costs in bits per character, on
   * top of p(unk|h), a choice among all Unicode characters.
   *
   * @param tokens ids of the model's vocabulary
   * @param characters how many Unicode code points they stand for
   */
  public static Perplexity score(
      LanguageModel model, int[] tokens, long characters, Listener listener) {
    LanguageModel.State state = model.start();
    Perplexity sum = new Perplexity(0, 0, 0, characters, 0, 0, 0);
    for (int from = 0; from < tokens.length; from += CHUNK) {
      int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + CHUNK));
      double[] logProbabilities = new double[chunk.length];
      state = model.logProbabilities(state, chunk, logProbabilities);
      for (int i = 0; i < chunk.length; i++) {
        listener.token(chunk[i], logProbabilities[i]);
      }
      sum = sum.plus(perplexity(model, chunk, logProbabilities, 0));
    }
    return sum;
  }

  /**
   * Scores several streams, each from the model's start, all at once where the model can.
   *
   * @param streams ids of the model's vocabulary
   * @param characters of each stream, how many Unicode code points it stands for
   * @return one for each stream
   */
  public static List<Perplexity> score(
      LanguageModel model, List<int[]> streams, List<Integer> characters) {
    List<double[]> logProbabilities =
        streams.stream().map(stream -> new double[stream.length]).toList();
    model.logProbabilities(streams, logProbabilities);
    return IntStream.range(0, streams.size())
        .mapToObj(
            i -> perplexity(model, streams.get(i), logProbabilities.get(i), characters.get(i)))
        .toList();
  }

  private static Perplexity perplexity(
      LanguageModel model, int[] tokens, double[] logProbabilities, long characters) {
    int unknown = model.vocabulary().unknown();
    double sum = 0;
    double oovSum = 0;
    long oov = 0;
    for (int i = 0; i < tokens.length; i++) {
      sum += logProbabilities[i];
      if (unknown != Vocabulary.NONE && tokens[i] == unknown) {
        oov++;
        oovSum += logProbabilities[i];
      }
    }
    return new Perplexity(
        tokens.length, oov, 0, characters, sum, oovSum, -oov * Math.log(UNICODE_CHARACTERS));
  }
}
