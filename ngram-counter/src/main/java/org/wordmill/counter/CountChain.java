package org.wordmill.counter;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * The chain of shuffles behind a count: n-grams come to the partition of their last two words,
 * where their counts are added up and lower orders follow from padded N-grams; from there they are
 * written, each partition sorted. For lines of text one more shuffle sorts them through all
 * partitions.
 *
 * @param words the vocabulary, with the words as they are written
 * @param ranks of these words
 * @param written by order, how many n-grams were written
 */
record CountChain(
    JavaSparkContext spark,
    GramSource source,
    Broadcast<WordTable> words,
    Broadcast<WordRanks> ranks,
    CountOptions options,
    int partitions,
    List<LongAccumulator> written) {

  /** What is to be written; the unigrams of Web1T are not in it. */
  JavaPairRDD<Integer, GramBatch> batches() {
    boolean padded = options.order() == 1;
    JavaRDD<Tuple2<Integer, byte[]>> blocks =
        spark.parallelize(Collections.emptyList(), partitions);
    if (options.order() > 1) {
      GramSource.Grams grams = source.grams(options.order(), partitions);
      padded = grams.padded();
      blocks = grams.blocks().map(block -> block);
    }
    return options.format() == CountOptions.Format.PARQUET
        ? sortedByPartition(blocks, padded)
        : sortedAsAWhole(blocks, padded);
  }

  private JavaPairRDD<Integer, GramBatch> sortedByPartition(
      JavaRDD<Tuple2<Integer, byte[]>> blocks, boolean padded) {
    Broadcast<WordTable> table = words;
    Broadcast<WordRanks> order = ranks;
    CountOptions choices = options;
    int count = partitions;
    List<LongAccumulator> sums = written;
    return JavaPairRDD.fromJavaRDD(
        blocks.mapPartitionsWithIndex(
            (partition, own) ->
                counting(
                    RawCounts.byTurns(
                        ranked(own, padded, table.value(), order.value(), choices),
                        table.value(),
                        order.value(),
                        choices,
                        partition,
                        count),
                    sums),
            false));
  }

  private JavaPairRDD<Integer, GramBatch> sortedAsAWhole(
      JavaRDD<Tuple2<Integer, byte[]>> blocks, boolean padded) {
    Broadcast<WordTable> table = words;
    Broadcast<WordRanks> order = ranks;
    CountOptions choices = options;
    List<LongAccumulator> sums = written;
    int[] ranges = RankRanges.balanced(table.value(), order.value(), partitions);
    JavaPairRDD<Integer, byte[]> ranged =
        BlockSerializer.shuffle(
            blocks.mapPartitionsToPair(
                own ->
                    new RankRanges(
                        ranked(own, padded, table.value(), order.value(), choices),
                        choices,
                        ranges)),
            partitions);
    return JavaPairRDD.fromJavaRDD(
        ranged.mapPartitionsWithIndex(
            (partition, own) -> {
              RankedGrams grams =
                  RankedGrams.ofRanks(
                      Packing.forVocabulary(table.value().size()), choices.order(), own);
              return counting(
                  choices.format() == CountOptions.Format.WEB1T
                      ? RawCounts.withoutUnigrams(grams, table.value(), order.value(), choices)
                      : RawCounts.ofRange(
                          grams,
                          table.value(),
                          order.value(),
                          choices,
                          ranges[partition],
                          partition + 1 < ranges.length
                              ? ranges[partition + 1]
                              : order.value().size()),
                  sums);
            },
            false));
  }

  private static RankedGrams ranked(
      Iterator<Tuple2<Integer, byte[]>> blocks,
      boolean padded,
      WordTable words,
      WordRanks ranks,
      CountOptions options) {
    Packing packing = Packing.forVocabulary(words.size());
    return padded && options.order() > 1
        ? RankedGrams.ofPadded(packing, ranks, options.order(), blocks)
        : RankedGrams.ofParts(packing, ranks, options.order(), blocks);
  }

  /** Counts what the tasks of the result stage hand out: each task that won counts once. */
  private static Iterator<Tuple2<Integer, GramBatch>> counting(
      RawCounts counts, List<LongAccumulator> written) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return counts.hasNext();
      }

      @Override
      public Tuple2<Integer, GramBatch> next() {
        Tuple2<Integer, GramBatch> batch = counts.next();
        written.get(batch._1() - 1).add(batch._2().size());
        return batch;
      }
    };
  }
}
