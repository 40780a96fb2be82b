package org.wordmill.ml;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.wordmill.lm.Perplexity;
import org.wordmill.text.TextPolicy;

/**
 * The function from a text to its score, as a struct: null for a text that is null or that has
 * nothing to score.
 */
final class Scored implements UDF1<byte[], Row> {
  private static final long serialVersionUID = 1L;

  static final String LOG_PROBABILITY = "log_probability";
  static final String PERPLEXITY = "perplexity";
  static final String TOKENS = "tokens";
  static final String OOV = "oov";

  static final StructType TYPE =
      new StructType()
          .add(LOG_PROBABILITY, DataTypes.DoubleType, false)
          .add(PERPLEXITY, DataTypes.DoubleType, false)
          .add(TOKENS, DataTypes.LongType, false)
          .add(OOV, DataTypes.LongType, false);

  private final SharedModel model;
  private final TextPolicy policy;
  private transient @Nullable OpenModel open;

  Scored(SharedModel model, TextPolicy policy) {
    this.model = model;
    this.policy = policy;
  }

  @Override
  public @Nullable Row call(byte @Nullable [] text) {
    if (text == null) {
      return null;
    }
    Perplexity score = score(text, "a row");
    return score.tokens() == 0
        ? null
        : RowFactory.create(
            score.logProbability(), score.includingOov(), score.tokens(), score.oov());
  }

  /** The score, with no tokens when there is nothing to score. */
  Perplexity score(byte[] text, String name) {
    return with(scorer -> scorer.score(text, name));
  }

  /** The scores of several texts, each by itself, as {@link #score(byte[], String)}. */
  List<Perplexity> scores(List<byte[]> texts, String name) {
    return with(scorer -> scorer.scores(texts, name));
  }

  private <R> R with(Function<TextScorer, R> work) {
    OpenModel opened = open;
    if (opened == null) {
      opened = OpenModels.of(model);
      open = opened;
    }
    TextScorer scorer = opened.take(policy);
    try {
      return work.apply(scorer);
    } finally {
      opened.give(scorer);
    }
  }

  /** The perplexity of a string, or of bytes, as Spark SQL gives them; null as {@link #call}. */
  @Nullable Double perplexity(@Nullable Object text) {
    byte[] bytes =
        text instanceof byte[] given
            ? given
            : text == null ? null : text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes == null) {
      return null;
    }
    Perplexity score = score(bytes, "a row");
    return score.tokens() == 0 ? null : score.includingOov();
  }
}
