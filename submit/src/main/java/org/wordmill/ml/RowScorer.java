package org.wordmill.ml;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Perplexity;
import org.wordmill.text.TextPolicy;

/** What becomes of one row of a corpus: a struct of new columns, or null for a row to leave out. */
final class RowScorer implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int EXCERPT_BYTES = 40;

  static final String LINE = "line";

  /** Of a text: its score; nulls where there is no text. */
  static final StructType TEXT =
      new StructType()
          .add(Scored.PERPLEXITY, DataTypes.DoubleType)
          .add(Scored.TOKENS, DataTypes.LongType)
          .add(Scored.OOV, DataTypes.LongType);

  /** Of a line of JSON: the line with its score, and its perplexity. */
  static final StructType JSON =
      new StructType().add(LINE, DataTypes.StringType).add(Scored.PERPLEXITY, DataTypes.DoubleType);

  private final Scored scored;
  private final ScoreTotals totals;
  private final String field;
  private final boolean drops;
  private final double keepBelow;

  RowScorer(SharedModel model, ScoreTotals totals, ScoreOptions options) {
    scored = new Scored(model, TextPolicy.IN_MEMORY.withMalformed(options.malformed()));
    this.totals = totals;
    field = options.textField();
    drops = options.malformed() == TextPolicy.Malformed.DROP_LINE;
    keepBelow = options.keepBelow();
  }

  /** Scores a text. */
  @Nullable Row text(byte @Nullable [] text) {
    totals.row();
    Perplexity score = text == null ? Perplexity.NONE : score(text);
    if (!keeps(text, score)) {
      return null;
    }
    totals.kept();
    return score.tokens() == 0
        ? RowFactory.create(null, null, null)
        : RowFactory.create(score.includingOov(), score.tokens(), score.oov());
  }

  /** Scores a field of a line of JSON. */
  @Nullable Row json(byte[] line) {
    totals.row();
    JsonLine object;
    try {
      object = JsonLine.parse(line, field);
    } catch (WordmillException e) {
      if (drops) {
        totals.malformed();
        return null;
      }
      throw inPlace(e, line);
    }
    byte[] text = object.text();
    Perplexity score = text == null ? Perplexity.NONE : score(text);
    if (!keeps(text, score)) {
      return null;
    }
    totals.kept();
    return RowFactory.create(object.with(score), score.tokens() == 0 ? null : score.includingOov());
  }

  private boolean keeps(byte @Nullable [] text, Perplexity score) {
    if (score.tokens() > 0) {
      totals.scored(score);
      return keepBelow == Double.POSITIVE_INFINITY || score.includingOov() < keepBelow;
    }
    if (drops && text != null) {
      totals.malformed();
      return false;
    }
    return keepBelow == Double.POSITIVE_INFINITY;
  }

  private Perplexity score(byte[] text) {
    try {
      return scored.score(text, "the row");
    } catch (WordmillException e) {
      throw inPlace(e, text);
    }
  }

  /** The fault with what Spark knows of the place: the file, and how the row begins. */
  private static WordmillException inPlace(WordmillException fault, byte[] row) {
    String file = String.valueOf(InputFileBlockHolder.getInputFilePath());
    int length = Math.min(row.length, EXCERPT_BYTES);
    return new WordmillException(
        fault.exitCode(),
        String.valueOf(fault.getMessage()),
        (file.isEmpty() ? "" : file + ", ")
            + "in the row '"
            + new String(row, 0, length, StandardCharsets.UTF_8)
            + (length < row.length ? "...'" : "'"),
        "",
        fault);
  }
}
