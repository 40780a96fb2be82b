package org.wordmill.counter;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextReport;
import org.wordmill.text.Vocabulary;

/**
 * A text of which only counts are left, in files on the cluster, and its vocabulary on the driver,
 * with the ids that the text itself would give. Counts of several texts are added up, which gives
 * those of all texts together.
 *
 * <p>A model is made of the n-grams of the highest order and of those that begin with {@code <s>};
 * the counts of all others follow from these. So they must be whole: for every word, the padded
 * N-grams that end in it add up to its count.
 */
final class CountedCorpus implements GramSource {
  private final JavaSparkContext spark;
  private final CountInput input;
  private final List<CountFile> files;
  private final Broadcast<HadoopSettings> settings;
  private final Broadcast<WordTable> vocabulary;
  private final Packing packing;
  private final long tokens;

  private CountedCorpus(
      JavaSparkContext spark,
      CountInput input,
      List<CountFile> files,
      Broadcast<HadoopSettings> settings,
      WordTable words,
      long tokens) {
    this.spark = spark;
    this.input = input;
    this.files = files;
    this.settings = settings;
    this.vocabulary = spark.broadcast(words);
    this.packing = Packing.forVocabulary(words.size());
    this.tokens = tokens;
  }

  /**
   * @throws WordmillException STORAGE for paths that are not there, BAD_INPUT for what holds no
   *     counts of words, CORRUPT for files that are no counts
   */
  static CountedCorpus read(JavaSparkContext spark, CountInput input) {
    Optional<WordTable> named = Words.named(input.vocabularyFile(), spark.hadoopConfiguration());
    List<CountFile> files = CountFiles.find(input.paths(), spark.hadoopConfiguration());
    List<CountFile> ofWords = files.stream().filter(file -> file.has(1)).toList();
    if (ofWords.isEmpty()) {
      throw empty(input);
    }
    Broadcast<HadoopSettings> settings =
        spark.broadcast(HadoopSettings.of(spark.hadoopConfiguration()));
    int reducers = Math.min(ofWords.size(), Math.max(2, 2 * spark.defaultParallelism()));
    List<byte[]> blocks =
        BlockSerializer.shuffle(
                files(spark, ofWords)
                    .flatMapToPair(
                        file ->
                            Corpus.wordBlocks(
                                words(file, settings.value().toConfiguration()), reducers)),
                reducers)
            .mapPartitions(Corpus::mergeWords)
            .collect();
    WordTable all = new WordTable(1 << 16);
    blocks.forEach(block -> Words.addAll(all, block));
    long[] reserved = new long[Words.RESERVED];
    VarBytes others = new VarBytes(1 << 16);
    long tokens = 0;
    for (int id = 0; id < all.size(); id++) {
      int known =
          List.of(Vocabulary.UNKNOWN, Vocabulary.BEGIN, Vocabulary.END).indexOf(all.word(id));
      if (known >= 0) {
        reserved[known] = all.countOf(id);
      } else if (all.countOf(id) > 0) {
        Words.put(others, all, id);
        tokens += all.countOf(id);
      }
    }
    tokens += reserved[Words.UNKNOWN];
    if (tokens == 0) {
      throw empty(input);
    }
    int limit = input.vocabularyLimit();
    WordTable words =
        Words.vocabulary(
            List.of(others.take()),
            reserved[Words.UNKNOWN],
            reserved[Words.BEGIN],
            limit == 0 ? Integer.MAX_VALUE : limit,
            named);
    words.count(Words.END, reserved[Words.END] - reserved[Words.BEGIN]);
    return new CountedCorpus(spark, input, files, settings, words, tokens);
  }

  private static WordmillException empty(CountInput input) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the counts have no word",
        String.join(", ", input.paths()),
        "name counts that have unigrams, such as wordmill count writes");
  }

  private static JavaRDD<CountFile> files(JavaSparkContext spark, List<CountFile> files) {
    List<Integer> indexes = IntStream.range(0, files.size()).boxed().toList();
    return spark.parallelize(new ArrayList<>(indexes), Math.max(1, files.size())).map(files::get);
  }

  private static WordTable words(CountFile file, Configuration configuration) {
    WordTable words = new WordTable(1 << 12);
    CountReader.read(
        file,
        configuration,
        (gram, count) -> {
          if (gram.order() == 1) {
            requireWord(gram);
            words.count(words.add(gram.bytes(), gram.start(0), gram.end(0)), count);
          }
        });
    return words;
  }

  /** What stands in no text as a word would break every file that it is written to. */
  private static void requireWord(CountReader gram) {
    boolean space = gram.start(0) == gram.end(0);
    for (int i = gram.start(0); i < gram.end(0); i++) {
      byte b = gram.bytes()[i];
      space |= b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == 0;
    }
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(gram.bytes(), gram.start(0), gram.end(0) - gram.start(0)));
    } catch (CharacterCodingException e) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "the word '" + gram.text() + "' is not valid UTF-8",
          gram.path(),
          "count again",
          e);
    }
    if (space) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "the word '" + gram.text() + "' is empty or has white space in it",
          gram.path(),
          "count words");
    }
  }

  @Override
  public JavaPairRDD<Integer, byte[]> paddedGrams(int order, int partitions) {
    return grams(order, partitions, true);
  }

  @Override
  public Grams grams(int order, int partitions) {
    return new Grams(grams(order, partitions, false), false);
  }

  private JavaPairRDD<Integer, byte[]> grams(int order, int partitions, boolean padded) {
    List<CountFile> longer =
        files.stream()
            .filter(file -> file.order() == 0 || file.order() > 1 && file.order() <= order)
            .toList();
    Packing ids = packing;
    Broadcast<WordTable> words = vocabulary;
    Broadcast<HadoopSettings> shared = settings;
    boolean limited = input.isVocabularyLimited();
    JavaPairRDD<Integer, byte[]> blocks =
        files(spark, longer)
            .mapPartitionsToPair(
                found ->
                    new FileGrams(
                        ids,
                        words.value(),
                        limited,
                        found,
                        shared.value().toConfiguration(),
                        order,
                        partitions,
                        padded));
    return BlockSerializer.shuffle(blocks, partitions);
  }

  @Override
  public void requireWhole(WordSums sums, int order) {
    WordTable words = vocabulary.value();
    if (words.countOf(Words.BEGIN) != words.countOf(Words.END) || sentences() == 0) {
      throw incomplete(
          String.format(
              Locale.ROOT,
              "<s> is counted %d times and </s> %d times",
              words.countOf(Words.BEGIN),
              words.countOf(Words.END)),
          order);
    }
    for (int word = 0; order > 1 && word < words.size(); word++) {
      long found = sums.get(word, WordSums.RAW);
      if (word != Words.BEGIN && found != words.countOf(word)) {
        throw incomplete(
            String.format(
                Locale.ROOT,
                "'%s' is counted %d times, but ends %d-grams, and shorter ones from <s> on, %d"
                    + " times",
                words.word(word),
                words.countOf(word),
                order,
                found),
            order);
      }
    }
  }

  private WordmillException incomplete(String what, int order) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the counts are not whole: " + what,
        String.join(", ", input.paths()),
        "a model needs all n-grams of sentences up to order "
            + order
            + ", as count writes them without --min-count; counts with a cut-off give none");
  }

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
  public long sentences() {
    return vocabulary.value().countOf(Words.BEGIN);
  }

  @Override
  public boolean isUnknownCounted() {
    return input.isVocabularyLimited() || unknown() > 0;
  }

  @Override
  public TextReport report() {
    return TextReport.EMPTY;
  }

  @Override
  public int splitCount() {
    return files.size();
  }

  @Override
  public void close() {
    vocabulary.destroy();
    settings.destroy();
  }
}
