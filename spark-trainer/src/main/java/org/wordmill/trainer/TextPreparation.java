package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Characters;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.text.Vocabulary;

/**
 * Prepares text for training: encodes its documents once, on Spark, into token shards that many
 * runs read, shuffled by a seed unless their order is to be kept.
 *
 * <p>The shards depend on the files, the tokenizer and the seed alone, not on the cluster. The text
 * never passes through the driver. The folder is prepared text when its manifest is written, which
 * comes last; what fails leaves nothing.
 */
public final class TextPreparation {
  /** Text that makes a part of the shuffled order: some tens of megabytes of ids. */
  private static final long PART_BYTES = 64L << 20;

  /** Parts are files and shuffled blocks, for each split of the text. */
  private static final int MOST_PARTS = 2048;

  private final JavaSparkContext spark;
  private final PreparationJob job;
  private final Consumer<String> notices;
  private final TokenStore store;

  private TextPreparation(JavaSparkContext spark, PreparationJob job, Consumer<String> notices) {
    this.spark = spark;
    this.job = job;
    this.notices = notices;
    this.store = store(job.output(), spark.hadoopConfiguration());
  }

  private static TokenStore store(String output, Configuration configuration) {
    try {
      return new TokenStore(new Path(output), configuration);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "this is not a path: " + e.getMessage(), output, "name a folder", e);
    }
  }

  /**
   * Looks whether the output may be written, before any work is done.
   *
   * @throws WordmillException STORAGE when it is there and may not be replaced
   */
  public static void requireFree(String output, boolean overwrite, Configuration configuration) {
    store(output, configuration).requireFree(overwrite);
  }

  /**
   * Prepares a text.
   *
   * @param notices told, in sentences, what a user should know
   * @throws WordmillException for every fault that the user can act on
   */
  public static PreparedText prepare(
      JavaSparkContext spark, PreparationJob job, Consumer<String> notices) {
    TextPreparation preparation = new TextPreparation(spark, job, notices);
    preparation.store.requireFree(job.overwrite());
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try {
      return preparation.run(hadoop);
    } catch (Exception e) {
      // Scala methods throw checked exceptions that Java does not see declared.
      throw TrainerFaults.unwrap(e);
    } finally {
      spark.setJobDescription(null);
      hadoop.destroy();
    }
  }

  private PreparedText run(Broadcast<SerializableConfiguration> hadoop) throws IOException {
    Configuration configuration = spark.hadoopConfiguration();
    List<FileStatus> files =
        SoundFiles.of(
            spark,
            TextSplits.find(job.input(), configuration),
            job.tokenization().policy(),
            hadoop,
            notices);
    List<TextSplit> splits = TextSplits.cut(files, job.format(), job.field(), configuration);
    if (splits.isEmpty()) {
      throw empty();
    }
    boolean ofLines = splits.stream().allMatch(split -> split.format() == TextFormat.TEXT);
    Tokenizer tokenizer = tokenizer(splits, hadoop);
    Separator separator = separator(tokenizer, ofLines);
    boolean asItIs = ofLines && separator == Separator.LINE_END && job.seed().isEmpty();
    if (!asItIs && separator == Separator.LINE_END && job.tokenization().given().isEmpty()) {
      tokenizer = withLineEnd(tokenizer);
    }
    String file = TokenizerFiles.write(tokenizer);
    store.clear();
    try {
      TextCounts[] counts = {TextCounts.ZERO};
      List<TokenIndex.Shard> shards =
          encode(file, splits, asItIs ? null : separator, counts, hadoop);
      if (shards.isEmpty()) {
        throw empty();
      }
      counts[0].tell("the text", job.tokenization().policy(), notices);
      TokenIndex.Preparation how =
          new TokenIndex.Preparation(
              PreparedText.sha256(file),
              separator.name().toLowerCase(Locale.ROOT),
              job.seed().isPresent(),
              job.seed().orElse(0L),
              counts[0].documents(),
              files.size(),
              files.stream().mapToLong(FileStatus::getLen).sum());
      store.writeText(PreparedText.TOKENIZER, file);
      store.commit(
          new TokenIndex(
              PreparedText.sha256(file + how), tokenizer.vocabulary().size(), shards, how));
    } catch (Exception e) {
      clearAfter(e);
      throw e;
    }
    return PreparedText.find(store.folder().toString(), configuration)
        .orElseThrow(() -> new IllegalStateException("what was prepared is not there"));
  }

  /** Leaves nothing, and says nothing that would hide why. */
  private void clearAfter(Exception cause) {
    try {
      store.clear();
    } catch (WordmillException e) {
      cause.addSuppressed(e);
    }
  }

  private List<TokenIndex.Shard> encode(
      String tokenizerFile,
      List<TextSplit> splits,
      @Nullable Separator separator,
      TextCounts[] counts,
      Broadcast<SerializableConfiguration> hadoop) {
    PieceEncoder.Encoding encoding =
        new PieceEncoder.Encoding(tokenizerFile, job.tokenization().policy(), separator);
    String folder = store.folder().toString();
    spark.setJobDescription(
        "Encode "
            + Plural.of(splits.size(), "split")
            + " of text as tokens"
            + (job.seed().isEmpty() ? "" : ", shuffled"));
    List<EncodedSplit> encoded =
        job.seed().isEmpty()
            ? spark
                .parallelize(CharacterVocabulary.numbers(splits.size()), splits.size())
                .map(new SplitEncoder(splits, encoding, folder, hadoop))
                .collect()
            : DocumentShuffle.run(
                spark, splits, encoding, job.seed().get(), parts(splits), folder, hadoop);
    List<TokenIndex.Shard> shards = new ArrayList<>();
    for (EncodedSplit split : encoded) {
      shards.addAll(split.shards());
      counts[0] = counts[0].plus(split.counts());
    }
    return shards;
  }

  /** A matter of the files alone. */
  private static int parts(List<TextSplit> splits) {
    long bytes = splits.stream().mapToLong(TextSplit::length).sum();
    return (int) Math.min(MOST_PARTS, (bytes + PART_BYTES - 1) / PART_BYTES);
  }

  private Tokenizer tokenizer(List<TextSplit> splits, Broadcast<SerializableConfiguration> hadoop) {
    Tokenization tokenization = job.tokenization();
    Optional<String> given = tokenization.given();
    if (given.isPresent()) {
      return TokenizerFiles.read(given.get(), "the tokenizer");
    }
    return tokenization.words() == null
        ? CharacterVocabulary.of(spark, splits, tokenization.policy(), hadoop)
        : WordVocabulary.of(
            spark, splits, tokenization.words().vocabularyLimit(), tokenization.policy(), hadoop);
  }

  private Separator separator(Tokenizer tokenizer, boolean ofLines) {
    boolean hasEnd =
        tokenizer instanceof ByteLevelBpe bpe && bpe.specials().contains(ByteLevelBpe.END_OF_TEXT);
    Separator separator =
        job.separator().orElse(ofLines || !hasEnd ? Separator.LINE_END : Separator.END_OF_TEXT);
    if (separator == Separator.END_OF_TEXT && !hasEnd) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the tokenizer has no " + ByteLevelBpe.END_OF_TEXT + " to put behind documents",
          "",
          "separate documents by line ends");
    }
    return separator;
  }

  /** Text may have no line end, and its documents need one. */
  private static Tokenizer withLineEnd(Tokenizer tokenizer) {
    if (!(tokenizer instanceof Characters) || tokenizer.vocabulary().contains("\n")) {
      return tokenizer;
    }
    String unknown = Vocabulary.UNKNOWN;
    List<String> characters =
        tokenizer.vocabulary().tokens().stream().filter(token -> !token.equals(unknown)).toList();
    return Characters.fromText("\n" + String.join("", characters));
  }

  private WordmillException empty() {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "there is no text to prepare",
        String.join(", ", job.input()),
        "name files that hold text");
  }
}
