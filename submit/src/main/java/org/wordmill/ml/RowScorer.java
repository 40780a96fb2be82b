package org.wordmill.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Perplexity;
import org.wordmill.text.TextPolicy;

/**
 * What becomes of the rows of a corpus: of each a struct of new columns, or null for a row to leave
 * out.
 */
final class RowScorer implements Serializable {
  private static final long serialVersionUID = 1L;

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

  /** Scores texts. */
  List<@Nullable Row> texts(List<RowText> texts) {
    List<Perplexity> scores = scores(texts, texts);
    List<@Nullable Row> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      totals.row();
      rows.add(row(texts.get(i).bytes(), scores.get(i)));
    }
    return rows;
  }

  private @Nullable Row row(byte @Nullable [] text, Perplexity score) {
    if (!keeps(text, score)) {
      return null;
    }
    totals.kept();
    return score.tokens() == 0
        ? RowFactory.create(null, null, null)
        : RowFactory.create(score.includingOov(), score.tokens(), score.oov());
  }

  /** Scores a field of lines of JSON. */
  List<@Nullable Row> jsons(List<RowText> lines) {
    List<@Nullable JsonLine> objects = new ArrayList<>();
    List<RowText> texts = new ArrayList<>();
    for (RowText line : lines) {
      totals.row();
      JsonLine object = parse(line);
      objects.add(object);
      texts.add(new RowText(object == null ? null : object.text(), line.file()));
    }
    List<Perplexity> scores = scores(texts, lines);
    List<@Nullable Row> rows = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      JsonLine object = objects.get(i);
      rows.add(object == null ? null : row(object, scores.get(i)));
    }
    return rows;
  }

  /** The line, or null for one that is malformed and left out. */
  private @Nullable JsonLine parse(RowText line) {
    byte[] bytes = line.bytes();
    try {
      return JsonLine.parse(bytes == null ? new byte[0] : bytes, field);
    } catch (WordmillException e) {
      if (drops) {
        totals.malformed();
        return null;
      }
      throw line.told(e);
    }
  }

  private @Nullable Row row(JsonLine object, Perplexity score) {
    if (!keeps(object.text(), score)) {
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

  /**
   * The scores of texts, of which some may not be there.
   *
   * @param rows that the texts are of
   */
  private List<Perplexity> scores(List<RowText> texts, List<RowText> rows) {
    List<byte[]> there = new ArrayList<>();
    for (RowText text : texts) {
      byte[] bytes = text.bytes();
      if (bytes != null) {
        there.add(bytes);
      }
    }
    Iterator<Perplexity> scores;
    try {
      scores = scored.scores(there, "the row").iterator();
    } catch (WordmillException e) {
      throw atFault(texts, rows, e);
    }
    List<Perplexity> all = new ArrayList<>();
    for (RowText text : texts) {
      all.add(text.bytes() == null ? Perplexity.NONE : scores.next());
    }
    return all;
  }

  /** The fault of one of several texts, with its place: that of the first that has one alone. */
  private WordmillException atFault(
      List<RowText> texts, List<RowText> rows, WordmillException fault) {
    for (int i = 0; i < texts.size(); i++) {
      byte[] bytes = texts.get(i).bytes();
      try {
        if (bytes != null) {
          scored.score(bytes, "the row");
        }
      } catch (WordmillException e) {
        return rows.get(i).told(e);
      }
    }
    return fault;
  }
}
