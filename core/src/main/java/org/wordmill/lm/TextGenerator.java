package org.wordmill.lm;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.Vocabulary;

/**
 * Writes text by rolling a model's weighted die again and again: the prompt moves the state, then
 * each token is drawn and moves the state in turn.
 *
 * <p>Ends at {@code </s>}, where the vocabulary has one, at the given number of tokens, or where
 * the model gives every token the probability 0. {@code <s>} and {@code <unk>} are no text and are
 * never drawn. The same seed gives the same text.
 */
public final class TextGenerator {
  private final LanguageModel model;
  private final Tokenizer tokenizer;
  private final Sampler sampler;

  /**
   * What was generated.
   *
   * @param text the tokens drawn, without the prompt
   * @param tokens how many were drawn, without {@code </s>}
   * @param ended whether the model ended the text itself
   */
  public record Generated(String text, int tokens, boolean ended) {}

  /** Hears of each token as it is drawn. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param token the id that was drawn, never {@code </s>}
     * @param logProbabilities of all tokens in its place, natural logarithm, before the sampler;
     *     {@code <s>} and {@code <unk>} have negative infinity; overwritten for the next token
     * @return whether to go on
     */
    boolean token(int token, float[] logProbabilities);
  }

  private static final Listener DEAF = (token, logProbabilities) -> true;

  /**
   * @param tokenizer has the vocabulary of the model
   */
  public TextGenerator(LanguageModel model, Tokenizer tokenizer, Sampler sampler) {
    if (tokenizer.vocabulary().size() != model.vocabulary().size()) {
      throw new IllegalArgumentException(
          "a tokenizer of "
              + tokenizer.vocabulary().size()
              + " tokens for a model of "
              + model.vocabulary().size());
    }
    this.model = model;
    this.tokenizer = tokenizer;
    this.sampler = sampler;
  }

  /** Continues {@code prompt}, which may be empty, by at most {@code maxTokens} tokens. */
  public Generated generate(String prompt, int maxTokens, long seed) {
    return generate(tokenizer.encode(prompt), maxTokens, seed, DEAF);
  }

  /**
   * Continues the tokens of a prompt by at most {@code maxTokens}, or until the listener has heard
   * enough; the token at which it stops belongs to the text.
   */
  public Generated generate(int[] prompt, int maxTokens, long seed, Listener listener) {
    RandomGenerator random = new SplittableRandom(seed);
    Vocabulary vocabulary = model.vocabulary();
    LanguageModel.State state = model.start();
    for (int token : prompt) {
      state = model.advance(state, token);
    }
    float[] logProbabilities = new float[vocabulary.size()];
    int[] drawn = new int[maxTokens];
    for (int length = 0; length < maxTokens; length++) {
      model.nextLogProbabilities(state, logProbabilities);
      forbid(logProbabilities, vocabulary.begin());
      forbid(logProbabilities, vocabulary.unknown());
      if (isImpossible(logProbabilities)) {
        return generated(drawn, length, true);
      }
      int token = sampler.sample(logProbabilities, random);
      if (token == vocabulary.end()) {
        return generated(drawn, length, true);
      }
      drawn[length] = token;
      if (!listener.token(token, logProbabilities)) {
        return generated(drawn, length + 1, false);
      }
      state = model.advance(state, token);
    }
    return generated(drawn, maxTokens, false);
  }

  private Generated generated(int[] drawn, int length, boolean ended) {
    return new Generated(tokenizer.decode(Arrays.copyOf(drawn, length)), length, ended);
  }

  private static void forbid(float[] logProbabilities, int token) {
    if (token != Vocabulary.NONE) {
      logProbabilities[token] = Float.NEGATIVE_INFINITY;
    }
  }

  private static boolean isImpossible(float[] logProbabilities) {
    for (float logProbability : logProbabilities) {
      if (logProbability != Float.NEGATIVE_INFINITY) {
        return false;
      }
    }
    return true;
  }
}
