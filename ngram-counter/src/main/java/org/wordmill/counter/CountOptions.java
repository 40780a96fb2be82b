package org.wordmill.counter;

import java.io.Serializable;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The choices of counting.
 *
 * @param order N, the length of the longest n-grams, 1 to {@link EstimateOptions#MAX_ORDER}
 * @param minCounts element n-1 for order n: n-grams that occur less often are not written; the last
 *     holds for the higher orders
 * @param format of the output
 * @param compressed whether {@link Format#TSV} is written as gzip; Web1T always is
 * @param partitions of the shuffle; 0 to choose by the number of tokens and cores
 */
public record CountOptions(
    int order, List<Long> minCounts, Format format, boolean compressed, int partitions)
    implements Serializable {

  /** How counts are written. */
  public enum Format {
    /** Columns {@code ngram array<string>} and {@code count bigint}, partitioned by order. */
    PARQUET,
    /**
     * Lines {@code w1 w2 w3<TAB>count}, a directory for each order, sorted through all its files.
     */
    TSV,
    /** The layout of the Web 1T 5-gram corpus: such lines, compressed. */
    WEB1T
  }

  /** All counts, as Parquet. */
  public static CountOptions ofOrder(int order) {
    return new CountOptions(order, List.of(1L), Format.PARQUET, false, 0);
  }

  public CountOptions {
    if (order < 1 || order > EstimateOptions.MAX_ORDER) {
      throw usage("the order is " + order + ", expected 1 to 8", "--order");
    }
    minCounts = List.copyOf(minCounts);
    if (minCounts.isEmpty() || minCounts.size() > order) {
      throw usage(
          minCounts.size() + " minimum counts for orders 1 to " + order + ", expected one to each",
          "--min-count");
    }
    for (long minCount : minCounts) {
      if (minCount < 1) {
        throw usage("the minimum count is " + minCount + ", expected 1 or more", "--min-count");
      }
    }
    if (compressed && format != Format.TSV) {
      throw usage("only TSV is written as gzip by choice, not " + format, "--compress");
    }
    if (partitions < 0) {
      throw usage("the number of partitions is " + partitions, "--partitions");
    }
  }

  private static WordmillException usage(String what, String where) {
    return new WordmillException(ExitCode.USAGE, what, where, "");
  }

  /** The least count of the n-grams of an order that are written. */
  long minCount(int ofOrder) {
    return minCounts.get(Math.min(ofOrder, minCounts.size()) - 1);
  }

  /** One least count for all orders. */
  public CountOptions withMinCount(long choice) {
    return withMinCounts(List.of(choice));
  }

  public CountOptions withMinCounts(List<Long> choice) {
    return new CountOptions(order, choice, format, compressed, partitions);
  }

  public CountOptions withCompressed(boolean choice) {
    return new CountOptions(order, minCounts, format, choice, partitions);
  }

  public CountOptions withFormat(Format choice) {
    return new CountOptions(order, minCounts, choice, compressed, partitions);
  }

  public CountOptions withPartitions(int choice) {
    return new CountOptions(order, minCounts, format, compressed, choice);
  }
}
