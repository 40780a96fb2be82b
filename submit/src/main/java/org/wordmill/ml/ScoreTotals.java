package org.wordmill.ml;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.wordmill.lm.Perplexity;

/** Counts what the tasks that write rows have met; of each task, the attempt that won counts. */
final class ScoreTotals implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LongAccumulator rows;
  private final LongAccumulator kept;
  private final LongAccumulator malformed;
  private final LongAccumulator tokens;
  private final LongAccumulator oov;
  private final DoubleAccumulator logProbability;

  ScoreTotals(SparkContext spark) {
    rows = spark.longAccumulator("rows read");
    kept = spark.longAccumulator("rows kept");
    malformed = spark.longAccumulator("malformed rows");
    tokens = spark.longAccumulator("tokens scored");
    oov = spark.longAccumulator("unknown tokens");
    logProbability = spark.doubleAccumulator("log probability");
  }

  void row() {
    rows.add(1L);
  }

  void kept() {
    kept.add(1L);
  }

  void malformed() {
    malformed.add(1L);
  }

  void scored(Perplexity score) {
    tokens.add(score.tokens());
    oov.add(score.oov());
    logProbability.add(score.logProbability());
  }

  boolean isEmpty() {
    return tokens.value() == 0;
  }

  ScoreReport report(String output, java.util.List<Double> bounds, double seconds) {
    return new ScoreReport(
        output,
        rows.value(),
        kept.value(),
        malformed.value(),
        tokens.value(),
        oov.value(),
        logProbability.value(),
        bounds,
        seconds);
  }
}
