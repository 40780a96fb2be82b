package org.wordmill.lm;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well a language model predicts a text: sums of log-probabilities and what they were summed
 * over, and the figures that people compare. Sums of parts of a text add up to the sum of the text.
 *
 * <p>For word models every word and one {@code </s>} a line is a token; {@code <s>} is none. That
 * is what KenLM's query counts.
 *
 * @param tokens predicted tokens, unknown words too
 * @param oov tokens that the vocabulary does not have
 * @param sentences lines
 * @param characters Unicode code points, each line end being one; 0 when nobody counted them
 * @param logProbability the sum over all tokens, natural logarithm
 * @param oovLogProbability the part of it that the unknown words cost as {@code <unk>}
 * @param spellingLogProbability what spelling the unknown words costs on top, natural logarithm; 0
 *     for models without words
 * @param zeros tokens that the model holds impossible, whose log-probability is the lowest there is
 */
public record Perplexity(
    long tokens,
    long oov,
    long sentences,
    long characters,
    double logProbability,
    double oovLogProbability,
    double spellingLogProbability,
    long zeros)
    implements Serializable {

  /** Of no text. */
  public static final Perplexity NONE = new Perplexity(0, 0, 0, 0, 0, 0, 0, 0);

  /** log10 of zero as ARPA files have it; sums with it are lower. */
  private static final double ZERO = -99 * Math.log(10) * (1 - 1e-6);

  private static final double LN_2 = Math.log(2);

  /** Of a text without impossible tokens. */
  public Perplexity(
      long tokens,
      long oov,
      long sentences,
      long characters,
      double logProbability,
      double oovLogProbability,
      double spellingLogProbability) {
    this(
        tokens,
        oov,
        sentences,
        characters,
        logProbability,
        oovLogProbability,
        spellingLogProbability,
        0);
  }

  /** Whether a log-probability, natural logarithm, is that of an impossible token. */
  static boolean isZero(double logProbability) {
    return logProbability <= ZERO;
  }

  public Perplexity plus(Perplexity other) {
    return new Perplexity(
        tokens + other.tokens,
        oov + other.oov,
        sentences + other.sentences,
        characters + other.characters,
        logProbability + other.logProbability,
        oovLogProbability + other.oovLogProbability,
        spellingLogProbability + other.spellingLogProbability,
        zeros + other.zeros);
  }

  /** exp of the mean negative log-probability of a token, unknown words as {@code <unk>}. */
  public double includingOov() {
    return Math.exp(-logProbability / tokens);
  }

  /** The same over the tokens that the vocabulary has. */
  public double excludingOov() {
    return Math.exp(-(logProbability - oovLogProbability) / (tokens - oov));
  }

  /**
   * As {@link #excludingOov}, but per word: the ends of sentences cost as before and are not
   * counted as tokens. SRILM's ppl1, where nothing is impossible; NaN for a text without words.
   */
  public double perWord() {
    long words = tokens - oov - sentences;
    return words <= 0 ? Double.NaN : Math.exp(-(logProbability - oovLogProbability) / words);
  }

  public double natsPerToken() {
    return -logProbability / tokens;
  }

  /**
   * Bits per character: the unit in which models of words and of characters can be compared. For a
   * model with unknown words it includes spelling them, see {@link Spelling}; NaN when the
   * characters were not counted.
   */
  public double bitsPerCharacter() {
    return characters == 0
        ? Double.NaN
        : -(logProbability + spellingLogProbability) / characters / LN_2;
  }

  /** The figures by their names in JSON and in reports, in a fixed order. */
  public Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("perplexity_including_oov", includingOov());
    figures.put("perplexity_excluding_oov", excludingOov());
    figures.put("oov", oov);
    figures.put("tokens", tokens);
    figures.put("sentences", sentences);
    figures.put("log_probability", logProbability);
    figures.put("nats_per_token", natsPerToken());
    figures.put("characters", characters);
    figures.put("bits_per_character", bitsPerCharacter());
    return figures;
  }
}
