package org.wordmill.counter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextReport;
import scala.Tuple2;

/**
 * A text on the cluster, encoded split by split, and its vocabulary on the driver. Reading is the
 * first stage of every job here: the splits count their words, a shuffle by the hash of the word
 * adds the counts up, and the driver orders the words by falling frequency, ties by their bytes, so
 * that ids do not depend on how the text was split; where the vocabulary is limited, it keeps the
 * first of them.
 *
 * <p>Limits: the vocabulary must fit the driver and every executor, at about 40 bytes a word and 2
 * GiB of word bytes; the encoded text, two bytes a token or so, is kept in memory or on local disks
 * until {@link #close}.
 */
final class Corpus implements GramSource {
  private final JavaRDD<EncodedSplit> splits;
  private final Broadcast<WordTable> vocabulary;
  private final Packing packing;
  private final long tokens;
  private final TextInput input;
  private final long sentences;
  private final TextReport report;
  private final int splitCount;
  private final Runnable afterwards;

  private Corpus(
      JavaRDD<EncodedSplit> splits,
      Broadcast<WordTable> vocabulary,
      TextInput input,
      long tokens,
      long sentences,
      TextReport report,
      int splitCount,
      Runnable afterwards) {
    this.splits = splits;
    this.vocabulary = vocabulary;
    this.packing = Packing.forVocabulary(vocabulary.value().size());
    this.input = input;
    this.tokens = tokens;
    this.sentences = sentences;
    this.report = report;
    this.splitCount = splitCount;
    this.afterwards = afterwards;
  }

  /**
   * @param size told how many bytes the text will have, about, before it is read
   * @throws WordmillException STORAGE for paths that are not there, BAD_INPUT for text that the
   *     policy refuses, for corrupt compressed files and for a corpus without a word
   */
  static Corpus read(JavaSparkContext spark, TextInput input, LongConsumer size) {
    StandardInput stdin = StandardInput.of(input.paths(), spark);
    try {
      return read(spark, input, stdin, size);
    } catch (RuntimeException e) {
      stdin.close();
      throw e;
    }
  }

  private static Corpus read(
      JavaSparkContext spark, TextInput input, StandardInput stdin, LongConsumer size) {
    Configuration configuration = spark.hadoopConfiguration();
    TextFiles files = TextFiles.find(stdin.paths(), configuration);
    size.accept(files.textBytes());
    List<TextSplit> parts =
        files.split(input.splitBytes(), spark.defaultParallelism(), configuration);
    if (parts.isEmpty()) {
      throw empty(input, TextReport.EMPTY);
    }
    TextPolicy policy = input.policy();
    Broadcast<HadoopSettings> settings = spark.broadcast(HadoopSettings.of(configuration));
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      indexes.add(i);
    }
    return of(
        spark,
        spark
            .parallelize(indexes, indexes.size())
            .map(
                index ->
                    SplitEncoder.encode(
                        parts.get(index), policy, settings.value().toConfiguration())),
        input,
        stdin::close);
  }

  /**
   * Reads texts that Spark has, each of them lines that are sentences.
   *
   * @param texts UTF-8; a partition is a split
   * @param input all but its paths
   * @throws WordmillException BAD_INPUT for text that the policy refuses and for a corpus without a
   *     word
   */
  static Corpus read(JavaSparkContext spark, JavaRDD<byte[]> texts, TextInput input) {
    TextPolicy policy = input.policy();
    return of(
        spark,
        texts.mapPartitionsWithIndex(
            (partition, rows) ->
                List.of(SplitEncoder.encode(rows, "a row of partition " + partition, policy))
                    .iterator(),
            false),
        input,
        () -> {});
  }

  /**
   * @param afterwards run when the corpus is closed, and its text is not needed any more
   */
  private static Corpus of(
      JavaSparkContext spark, JavaRDD<EncodedSplit> splits, TextInput input, Runnable afterwards) {
    Optional<WordTable> named = Words.named(input.vocabularyFile(), spark.hadoopConfiguration());
    JavaRDD<EncodedSplit> encoded = splits.persist(StorageLevel.MEMORY_AND_DISK());
    int parts = encoded.getNumPartitions();
    int reducers = Math.min(Math.max(1, parts), Math.max(2, 2 * spark.defaultParallelism()));
    try {
      List<byte[]> words =
          BlockSerializer.shuffle(
                  encoded.flatMapToPair(split -> wordBlocks(split.words(), reducers)), reducers)
              .mapPartitions(Corpus::mergeWords)
              .collect();
      List<SplitSummary> summaries = new ArrayList<>();
      for (byte[] summary : encoded.map(SplitSummary::encode).collect()) {
        summaries.add(SplitSummary.decode(summary));
      }
      long tokens = summaries.stream().mapToLong(SplitSummary::tokens).sum();
      TextReport report =
          summaries.stream().map(SplitSummary::report).reduce(TextReport.EMPTY, TextReport::plus);
      if (tokens == 0) {
        throw empty(input, report);
      }
      long unknown = summaries.stream().mapToLong(SplitSummary::unknown).sum();
      long sentences = summaries.stream().mapToLong(SplitSummary::sentences).sum();
      WordTable vocabulary =
          Words.vocabulary(
              words,
              unknown,
              sentences,
              input.vocabularyLimit() == 0 ? Integer.MAX_VALUE : input.vocabularyLimit(),
              named);
      return new Corpus(
          encoded,
          spark.broadcast(vocabulary),
          input,
          tokens,
          sentences,
          report,
          parts,
          afterwards);
    } catch (RuntimeException e) {
      encoded.unpersist();
      throw e;
    }
  }

  private static WordmillException empty(TextInput input, TextReport report) {
    int skipped = report.skippedShards().size();
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the corpus holds no word" + (skipped == 0 ? "" : ", broken files left out: " + skipped),
        String.join(", ", input.paths()),
        "name files that hold text");
  }

  /** The words of a split with their counts, one block for each reducer. */
  static Iterator<Tuple2<Integer, byte[]>> wordBlocks(WordTable words, int reducers) {
    VarBytes[] blocks = new VarBytes[reducers];
    Arrays.setAll(blocks, i -> new VarBytes(1 << 12));
    for (int id = 0; id < words.size(); id++) {
      int hash = WordTable.hash(words.bytes(), words.start(id), words.end(id));
      Words.put(blocks[Packing.partition(hash, 0, reducers)], words, id);
    }
    List<Tuple2<Integer, byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < reducers; i++) {
      messages.add(new Tuple2<>(i, blocks[i].take()));
    }
    return messages.iterator();
  }

  /** The words of a reducer, added up, as one block. */
  static Iterator<byte[]> mergeWords(Iterator<Tuple2<Integer, byte[]>> blocks) {
    WordTable merged = new WordTable(1 << 12);
    while (blocks.hasNext()) {
      Words.addAll(merged, blocks.next()._2());
    }
    VarBytes out = new VarBytes(1 << 16);
    for (int id = 0; id < merged.size(); id++) {
      Words.put(out, merged, id);
    }
    return List.of(out.take()).iterator();
  }

  @Override
  public JavaPairRDD<Integer, byte[]> paddedGrams(int order, int partitions) {
    Packing ids = packing;
    Broadcast<WordTable> words = vocabulary;
    boolean limited = input.isVocabularyLimited();
    JavaPairRDD<Integer, byte[]> blocks =
        splits.mapPartitionsToPair(
            encoded -> new SentenceGrams(ids, words.value(), limited, encoded, order, partitions));
    return BlockSerializer.shuffle(blocks, partitions);
  }

  @Override
  public Grams grams(int order, int partitions) {
    return new Grams(paddedGrams(order, partitions), true);
  }

  /** A text has all its n-grams. */
  @Override
  public void requireWhole(WordSums words, int order) {}

  @Override
  public Broadcast<WordTable> vocabulary() {
    return vocabulary;
  }

  @Override
  public Packing packing() {
    return packing;
  }

  @Override
  public long tokens() {
    return tokens;
  }

  @Override
  public long unknown() {
    return vocabulary.value().countOf(Words.UNKNOWN);
  }

  @Override
  public boolean isUnknownCounted() {
    return input.isUnknownCounted();
  }

  @Override
  public long sentences() {
    return sentences;
  }

  @Override
  public TextReport report() {
    return report;
  }

  @Override
  public int splitCount() {
    return splitCount;
  }

  @Override
  public void close() {
    splits.unpersist();
    vocabulary.destroy();
    afterwards.run();
  }
}
