package org.wordmill.counter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/**
 * Counts the n-grams of orders 1..N of a text on Spark and writes them as a table.
 *
 * <p>A line is a sentence {@code <s> w_1 ... w_m </s>} with one {@code <s>} and one {@code </s>};
 * n-grams do not cross lines, and no more padding is counted. So the unigrams {@code <s>} and
 * {@code </s>} count the sentences, and an empty line holds the bigram {@code <s> </s>}. Counts are
 * exact, in 64 bits, and do not depend on how the text is cut or on the number of partitions. The
 * n-grams are sorted by the bytes of their words: within each file of Parquet, and through all
 * files of an order, by their names, where they are lines.
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
    return count(
        () ->
            Corpus.read(
                spark,
                input,
                bytes -> SpacePlan.ofCounts(bytes, options, target).check(spark, LOG)),
        options,
        target);
  }

  /**
   * Adds up counts and writes them, as {@link #count(TextInput, CountOptions, CountTarget)} does
   * for text: whole counts of several texts make those of all texts. Counts with a cut-off are
   * added up as they are.
   *
   * @throws WordmillException STORAGE when the counts are missing, the output exists or storage
   *     fails; CORRUPT when a file is none of counts; BAD_INPUT when the counts have no words
   */
  public CountReport count(CountInput input, CountOptions options, CountTarget target) {
    return count(() -> CountedCorpus.read(spark, input), options, target);
  }

  private CountReport count(
      Supplier<? extends GramSource> text, CountOptions options, CountTarget target) {
    return SparkFaults.unwrapping(
        target.directory(),
        () -> {
          Stages stages = new Stages(spark, LOG, 2);
          try (UnfinishedDirectory output =
              UnfinishedDirectory.begin(
                  target.directory(), target.overwrite(), spark.hadoopConfiguration())) {
            CountReport report = count(stages, text, options, output.path(), target.directory());
            output.publish();
            return report;
          } finally {
            stages.end();
          }
        });
  }

  private CountReport count(
      Stages stages,
      Supplier<? extends GramSource> text,
      CountOptions options,
      Path output,
      String name)
      throws IOException {
    stages.begin("read", "Read the text and count its words");
    try (GramSource corpus = text.get()) {
      stages.done(
          String.format(
              Locale.ROOT, "%,d tokens in %,d sentences", corpus.tokens(), corpus.sentences()));
      stages.begin("count", "Count the n-grams and write them");
      int partitions = GramShuffles.partitions(options.partitions(), corpus, spark);
      List<LongAccumulator> written = new ArrayList<>();
      for (int n = 1; n <= options.order(); n++) {
        written.add(spark.sc().longAccumulator(n + "-grams written"));
      }
      boolean web1t = options.format() == CountOptions.Format.WEB1T;
      WordTable own = corpus.vocabulary().value();
      Broadcast<WordTable> words =
          web1t ? spark.broadcast(Web1T.toCapitals(own)) : corpus.vocabulary();
      Broadcast<WordRanks> ranks = spark.broadcast(new WordRanks(words.value()));
      try {
        CountChain chain =
            new CountChain(spark, corpus, words, ranks, options, partitions, written);
        write(chain.batches(), options, output);
        if (web1t) {
          FileSystem files = FileSystems.plain(output, spark.hadoopConfiguration());
          written.get(0).add(Web1T.finish(files, output, words.value(), options, corpus.tokens()));
        }
      } finally {
        ranks.destroy();
        if (web1t) {
          words.destroy();
        }
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
          stages.seconds(),
          stages.tasks());
    }
  }

  private void write(JavaPairRDD<Integer, GramBatch> batches, CountOptions options, Path output) {
    Configuration configuration = new Configuration(spark.hadoopConfiguration());
    configuration.set(CountOutputFormat.FORMAT, options.format().name());
    configuration.setBoolean(CountOutputFormat.COMPRESSED, options.compressed());
    batches.saveAsNewAPIHadoopFile(
        output.toString(), Integer.class, GramBatch.class, CountOutputFormat.class, configuration);
  }
}
