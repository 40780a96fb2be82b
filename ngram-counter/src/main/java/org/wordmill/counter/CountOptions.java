package org.wordmill.counter;

import java.io.Serializable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The choices of counting.
 *
 * @param order N, the length of the longest n-grams, 1 to {@link EstimateOptions#MAX_ORDER}
 * @param minCount n-grams that occur less often are not written
 * @param format of the output
 * @param partitions of the shuffle; 0 to choose by the number of tokens and cores
 */
public record CountOptions(int order, long minCount, Format format, int partitions)
    implements Serializable {

  /** How counts are written. */
  public enum Format {
    /** Columns {@code ngram array<string>} and {@code count bigint}, partitioned by order. */
    PARQUET,
    /** Lines {@code w1 w2 w3<TAB>count}, a directory for each order. */
    TSV,
    /** The layout of the Web 1T 5-gram corpus: such lines, compressed, sorted through all files. */
    WEB1T
  }

  /** All counts, as Parquet. */
  public static CountOptions ofOrder(int order) {
    return new CountOptions(order, 1, Format.PARQUET, 0);
  }

  public CountOptions {
    if (order < 1 || order > EstimateOptions.MAX_ORDER) {
      throw usage("the order is " + order + ", expected 1 to 8", "--order");
    }
    if (minCount < 1) {
      throw usage("the minimum count is " + minCount + ", expected 1 or more", "--min-count");
    }
    if (partitions < 0) {
      throw usage("the number of partitions is " + partitions, "--partitions");
    }
  }

  private static WordmillException usage(String what, String where) {
    return new WordmillException(ExitCode.USAGE, what, where, "");
  }

  public CountOptions withMinCount(long choice) {
    return new CountOptions(order, choice, format, partitions);
  }

  public CountOptions withFormat(Format choice) {
    return new CountOptions(order, minCount, choice, partitions);
  }

  public CountOptions withPartitions(int choice) {
    return new CountOptions(order, minCount, format, choice);
  }
}
