package org.wordmill.counter;

import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.broadcast.Broadcast;
import org.wordmill.text.TextReport;

/**
 * Where n-grams come from: a text ({@link Corpus}), or counts of one ({@link CountedCorpus}). The
 * vocabulary is on the driver, the n-grams on the cluster.
 */
interface GramSource extends AutoCloseable {

  /** Ids 0, 1, 2 are the reserved words, the others follow by falling frequency. */
  Broadcast<WordTable> vocabulary();

  Packing packing();

  /** Words of the text, without sentence boundaries. */
  long tokens();

  /** Words that became {@code <unk>}. */
  long unknown();

  long sentences();

  /** Whether {@code <unk>} is a word of the text like others. */
  boolean isUnknownCounted();

  TextReport report();

  /** Tasks that read. */
  int splitCount();

  /**
   * The first shuffle: the N-grams of sentences that are padded on the left by N-1 {@code <s>}, by
   * their last two words.
   */
  JavaPairRDD<Integer, byte[]> paddedGrams(int order, int partitions);

  /** The n-grams to be counted, as they come. */
  Grams grams(int order, int partitions);

  /**
   * N-grams by their last two words.
   *
   * @param padded whether they are those of {@link #paddedGrams}, which stand for all orders; if
   *     not, n-grams of orders 2..N each have their own count
   */
  record Grams(JavaPairRDD<Integer, byte[]> blocks, boolean padded) {}

  /**
   * Refuses n-grams that are not all that the text has.
   *
   * @param words how often padded N-grams end in each word
   * @throws org.wordmill.error.WordmillException BAD_INPUT
   */
  void requireWhole(WordSums words, int order);

  @Override
  void close();
}
