package org.wordmill.counter;

import java.util.List;
import java.util.Map;
import org.wordmill.ngram.Discounts;
import org.wordmill.text.TextReport;

/**
 * What an estimation did.
 *
 * @param arpa the ARPA file that was written; empty for none
 * @param parquet the directory of Parquet that was written; empty for none
 * @param orders by order, from 1
 * @param tokens words of the text, without sentence boundaries
 * @param unknownTokens words of the text that became {@code <unk>}
 * @param vocabulary distinct words, with the three reserved ones
 * @param text what was met while reading
 * @param splits tasks that read text
 * @param partitions of each shuffle
 * @param seconds by stage, in the order of the stages
 * @param tasks by stage, of the stages with more than one task, how evenly these ran
 */
public record EstimateReport(
    String arpa,
    String parquet,
    Smoothing smoothing,
    List<Order> orders,
    long tokens,
    long unknownTokens,
    long sentences,
    long vocabulary,
    TextReport text,
    int splits,
    int partitions,
    Map<String, Double> seconds,
    Map<String, TaskTimes> tasks) {

  /**
   * One order of the model.
   *
   * @param entries n-grams in the model
   * @param pruned n-grams that pruning left out
   * @param discounts those of Kneser-Ney; three times D of absolute discounting; else 0
   * @param countsOfCounts element j-1 is the number of n-grams with adjusted count j, j = 1..4
   */
  public record Order(
      int order, long entries, long pruned, Discounts discounts, List<Long> countsOfCounts) {}
}
