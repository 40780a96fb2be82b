package org.wordmill.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a partition in their order, read ahead and scored many at a time. The last column of
 * a row is the text, which its score replaces.
 */
final class RowBatches implements Iterator<Row> {
  /** Enough that the model's batches are full whatever the lengths of texts. */
  private static final int MOST_BYTES = 1 << 18;

  private static final int MOST_ROWS = 1 << 12;

  private final Iterator<Row> rows;
  private final Scorer scorer;
  private Iterator<Row> scored = List.<Row>of().iterator();

  /** What makes a struct, or null, of each text. */
  @FunctionalInterface
  interface Scorer extends Serializable {
    List<@Nullable Row> score(List<RowText> texts);
  }

  RowBatches(Iterator<Row> rows, Scorer scorer) {
    this.rows = rows;
    this.scorer = scorer;
  }

  @Override
  public boolean hasNext() {
    return current().hasNext();
  }

  @Override
  public Row next() {
    return current().next();
  }

  /** The batch of the next row; empty at the end. */
  private Iterator<Row> current() {
    if (!scored.hasNext()) {
      scored = batch();
    }
    return scored;
  }

  private Iterator<Row> batch() {
    List<Row> batch = new ArrayList<>();
    List<RowText> texts = new ArrayList<>();
    for (long bytes = 0; bytes < MOST_BYTES && batch.size() < MOST_ROWS && rows.hasNext(); ) {
      Row row = rows.next();
      RowText text = RowText.here((byte @Nullable []) row.get(row.size() - 1));
      batch.add(row);
      texts.add(text);
      bytes += text.size();
    }
    List<@Nullable Row> scores = scorer.score(texts);
    List<Row> replaced = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Row row = batch.get(i);
      @Nullable Object[] values = new Object[row.size()];
      for (int column = 0; column < values.length - 1; column++) {
        values[column] = row.get(column);
      }
      values[values.length - 1] = scores.get(i);
      replaced.add(RowFactory.create(values));
    }
    return replaced.iterator();
  }
}
