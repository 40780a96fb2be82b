package org.wordmill.lm;

import java.util.List;
import org.wordmill.text.Vocabulary;

/**
 * p(next token | history): the one factor of the chain rule, p(w_1..w_T) = prod p(w_t | history),
 * whatever the model.
 *
 * <p>An n-gram table, a recurrent network and a Transformer differ only in how a {@link State}
 * summarises the history. Implementations are safe for use by one thread at a time unless they say
 * more.
 */
public interface LanguageModel extends AutoCloseable {

  /** What a model remembers of the history. States are immutable values: keep, compare, branch. */
  interface State {}

  Vocabulary vocabulary();

  /** The state after {@code <s>}, or at the beginning of a text for models without sentences. */
  State start();

  /** The state after {@code token} (an id of {@link #vocabulary()}) was seen. */
  State advance(State state, int token);

  /**
   * Whether a sentence depends on those before it, as it does for models that have read sentences
   * one after the other.
   */
  default boolean remembersSentences() {
    return false;
  }

  /**
   * The state in which the next sentence begins.
   *
   * @param ended the state after {@code </s>}
   * @return {@link #start} for models of single sentences; {@code ended} for models that remember
   *     those before
   */
  default State nextSentence(State ended) {
    return remembersSentences() ? ended : start();
  }

  /** log p(token | state), natural logarithm; negative infinity for an impossible token. */
  double logProbability(State state, int token);

  /**
   * The whole weighted die: {@code out[v] = log p(v | state)}, natural logarithm.
   *
   * @param out length V, the size of the vocabulary
   */
  void nextLogProbabilities(State state, float[] out);

  /**
   * The factors of a text: {@code out[i] = log p(tokens[i] | state, tokens[0..i))}, natural
   * logarithm. Models that can compute many positions at once override this.
   *
   * @return the state after the last token
   */
  default State logProbabilities(State state, int[] tokens, double[] out) {
    State current = state;
    for (int i = 0; i < tokens.length; i++) {
      out[i] = logProbability(current, tokens[i]);
      current = advance(current, tokens[i]);
    }
    return current;
  }

  /**
   * The factors of several texts, each from {@link #start}: {@code out.get(i)[j]} is the log
   * probability of token j of text i, natural logarithm. Models that can compute many texts at once
   * override this; what a text gets does not depend on the others, to the last bit.
   *
   * @param out arrays of the lengths of the texts
   */
  default void logProbabilities(List<int[]> texts, List<double[]> out) {
    for (int i = 0; i < texts.size(); i++) {
      logProbabilities(start(), texts.get(i), out.get(i));
    }
  }

  @Override
  default void close() {}
}
