package org.wordmill.counter;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** The pieces of the chain of shuffles that counting and estimating share. */
final class GramShuffles {
  /** N-grams of the highest order that one partition should hold, or few more. */
  private static final long GRAMS_PER_PARTITION = 3L << 19;

  private GramShuffles() {}

  /** The number of partitions asked for, or one that suits the text and the cores. */
  static int partitions(int asked, GramSource source, JavaSparkContext spark) {
    if (asked > 0) {
      return asked;
    }
    long cores = Math.max(1, spark.defaultParallelism());
    long wanted = (source.tokens() + source.sentences()) / GRAMS_PER_PARTITION + 1;
    // A whole number of waves of tasks.
    return Math.toIntExact((wanted + cores - 1) / cores * cores);
  }

  /**
   * Runs the map side of a shuffle whose extra last partition holds statistics, and returns their
   * sum. The other partitions stay in the shuffle for a later job.
   */
  static List<byte[]> statistics(JavaPairRDD<Integer, byte[]> shuffled, int order, int partitions) {
    List<byte[]>[] collected =
        shuffled
            .mapPartitions(
                messages -> List.of(GramStatistics.mergeAll(order, messages).encode()).iterator())
            .collectPartitions(new int[] {partitions});
    return Arrays.stream(collected).flatMap(List::stream).toList();
  }

  /** The blocks of a partition, none for the partition of statistics. */
  static Iterator<Tuple2<Integer, byte[]>> withoutStatistics(
      Iterator<Tuple2<Integer, byte[]>> messages, int partitions) {
    if (!messages.hasNext()) {
      return messages;
    }
    Tuple2<Integer, byte[]> first = messages.next();
    if (first._1() == partitions) {
      return Collections.emptyIterator();
    }
    return new Iterator<>() {
      private boolean begun;

      @Override
      public boolean hasNext() {
        return !begun || messages.hasNext();
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        if (begun) {
          return messages.next();
        }
        begun = true;
        return first;
      }
    };
  }
}
