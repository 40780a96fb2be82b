package org.wordmill.counter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import scala.Tuple2;

/**
 * Counts the n-grams of orders 1..N of a text on Spark and writes them as a table.
 *
 * <p>A line is a sentence {@code <s> w_1 ... w_m </s>} with one {@code <s>} and one {@code </s>};
 * n-grams do not cross lines, and no more padding is counted. So the unigrams {@code <s>} and
 * {@code </s>} count the sentences, and an empty line holds the bigram {@code <s> </s>}. Counts are
 * exact, in 64 bits, and do not depend on how the text is cut or on the number of partitions.
 * Within each output file the n-grams are sorted by the bytes of their words.
 */
public final class NGramCounter {
  private static final Logger LOG = LoggerFactory.getLogger(NGramCounter.class);

  private final JavaSparkContext spark;

  public NGramCounter(JavaSparkContext spark) {
    this.spark = spark;
  }

  public NGramCounter(SparkSession spark) {
    this(JavaSparkContext.fromSparkContext(spark.sparkContext()));
  }

  /**
   * Counts all n-grams of text in files, and writes them as Parquet.
   *
   * @param input a file, directory or glob
   * @param order N
   * @param output a directory that is not there yet
   * @throws WordmillException as {@link #count(TextInput, CountOptions, CountTarget)}
   */
  public CountReport count(String input, int order, String output) {
    return count(TextInput.of(input), CountOptions.ofOrder(order), new CountTarget(output, false));
  }

  /**
   * Counts all n-grams of the texts of a Dataset, and writes them as Parquet.
   *
   * @param texts whose one column of strings holds text; a line of it is a sentence
   * @param order N
   * @param output a directory that is not there yet
   * @throws WordmillException as {@link #count(Dataset, TextPolicy, CountOptions, CountTarget)}
   */
  public CountReport count(Dataset<?> texts, int order, String output) {
    return count(
        texts, TextPolicy.DEFAULT, CountOptions.ofOrder(order), new CountTarget(output, false));
  }

  /**
   * Counts the texts of a Dataset and writes their counts, as {@link #count(TextInput,
   * CountOptions, CountTarget)} does for text in files.
   *
   * @param texts whose one column of strings holds text; a line of it is a sentence
   * @throws WordmillException USAGE when there is not one column of strings; else as for files
   */
  public CountReport count(
      Dataset<?> texts, TextPolicy policy, CountOptions options, CountTarget target) {
    JavaRDD<byte[]> rows = Rows.texts(texts);
    TextInput input = TextInput.ofRows(policy);
    return count(() -> Corpus.read(spark, rows, input), options, target);
  }

  /**
   * Reads the text and writes its counts. The output appears under its name when it is complete.
   *
   * @throws WordmillException STORAGE when the input is missing, the output exists or storage
   *     fails; BAD_INPUT when the text is empty, refused by its policy or corrupt
   */
  public CountReport count(TextInput input, CountOptions options, CountTarget target) {
    return count(() -> Corpus.read(spark, input), options, target);
  }

  private CountReport count(Supplier<Corpus> text, CountOptions options, CountTarget target) {
    return SparkFaults.unwrapping(
        () -> {
          Path directory = new Path(target.directory());
          FileSystem files = TextFiles.fileSystem(directory, spark.hadoopConfiguration());
          directory = files.makeQualified(directory);
          if (files.exists(directory) && !target.overwrite()) {
            throw Outputs.exists(directory);
          }
          String hidden = "." + directory.getName() + "." + UUID.randomUUID() + ".unfinished";
          Path unfinished = new Path(directory.getParent(), hidden);
          Outputs.probe(files, unfinished);
          Stages stages = new Stages(spark, LOG, 2);
          try {
            CountReport report = count(stages, text, options, unfinished, target.directory());
            publish(files, unfinished, directory, target);
            return report;
          } finally {
            stages.end();
            files.delete(unfinished, true);
          }
        });
  }

  private static void publish(FileSystem files, Path unfinished, Path directory, CountTarget target)
      throws IOException {
    if (files.exists(directory)) {
      if (!target.overwrite()) {
        throw Outputs.exists(directory);
      }
      files.delete(directory, true);
    }
    if (!files.rename(unfinished, directory)) {
      throw new IOException("cannot rename " + unfinished + " to " + directory);
    }
  }

  private CountReport count(
      Stages stages, Supplier<Corpus> text, CountOptions options, Path output, String name) {
    stages.begin("read", "Read the text and count its words");
    try (Corpus corpus = text.get()) {
      stages.done(
          String.format(
              Locale.ROOT, "%,d tokens in %,d sentences", corpus.tokens(), corpus.sentences()));
      stages.begin("count", "Count the n-grams and write them");
      int partitions = GramShuffles.partitions(options.partitions(), corpus, spark);
      List<LongAccumulator> written = new ArrayList<>();
      for (int n = 1; n <= options.order(); n++) {
        written.add(spark.sc().longAccumulator(n + "-grams written"));
      }
      Broadcast<WordRanks> ranks = spark.broadcast(new WordRanks(corpus.vocabulary().value()));
      try {
        write(rawCounts(corpus, ranks, options, partitions, written), options, output);
      } finally {
        ranks.destroy();
      }
      List<Long> ngrams = written.stream().map(LongAccumulator::value).toList();
      stages.done(
          String.format(
              Locale.ROOT,
              "%,d n-grams of order %d",
              ngrams.get(ngrams.size() - 1),
              options.order()));
      return new CountReport(
          name,
          ngrams,
          corpus.tokens(),
          corpus.unknown(),
          corpus.sentences(),
          corpus.vocabulary().value().size() - (long) Words.RESERVED,
          corpus.report(),
          corpus.splitCount(),
          partitions,
          stages.seconds());
    }
  }

  private JavaPairRDD<Integer, GramBatch> rawCounts(
      Corpus corpus,
      Broadcast<WordRanks> ranks,
      CountOptions options,
      int partitions,
      List<LongAccumulator> written) {
    Broadcast<WordTable> vocabulary = corpus.vocabulary();
    JavaRDD<Tuple2<Integer, GramBatch>> batches =
        blocks(corpus, options.order(), partitions)
            .mapPartitionsWithIndex(
                (partition, blocks) ->
                    counting(
                        new RawCounts(
                            blocks,
                            vocabulary.value(),
                            ranks.value(),
                            options,
                            partition,
                            partitions),
                        written),
                false);
    return JavaPairRDD.fromJavaRDD(batches);
  }

  private JavaRDD<Tuple2<Integer, byte[]>> blocks(Corpus corpus, int order, int partitions) {
    return order > 1
        ? GramShuffles.countedGrams(corpus, order, partitions).map(block -> block)
        : spark.parallelize(Collections.emptyList(), partitions);
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

  private void write(JavaPairRDD<Integer, GramBatch> batches, CountOptions options, Path output) {
    Configuration configuration = new Configuration(spark.hadoopConfiguration());
    configuration.set(CountOutputFormat.FORMAT, options.format().name());
    batches.saveAsNewAPIHadoopFile(
        output.toString(), Integer.class, GramBatch.class, CountOutputFormat.class, configuration);
  }
}
