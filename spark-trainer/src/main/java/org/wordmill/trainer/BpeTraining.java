package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.BpeTrainer;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.PieceCounts;
import org.wordmill.text.TextPolicy;
import scala.Tuple2;

/**
 * Learns a byte-level byte pair encoding from text in files: the pieces of text are counted by map
 * and reduce, and the driver learns the merges from the counts. The text itself never reaches the
 * driver, only its distinct pieces, a partition of them at a time.
 *
 * <p>The result depends on the files alone, not on the cluster: neither on how many tasks count nor
 * on the order in which they end. Long files are read in parts that end at line ends; where white
 * space follows such a line end, it is a piece of its own, which one reader of the whole file would
 * have joined with the line end.
 */
public final class BpeTraining {
  // No piece has a space after a letter, so these names of sums cannot be pieces.
  private static final String MALFORMED = "m m";
  private static final String LONG = "l l";
  private static final String LONG_LINES = "n n";
  private static final String BOMBS = "b b";
  private static final int MOST_PARTITIONS = 200;

  private BpeTraining() {}

  /**
   * What was learned, and from what.
   *
   * @param pieces of the text, words mostly, those too long to be learned from included
   * @param distinctPieces what the merges were learned from
   * @param longPieces left out because of their length
   * @param malformedParts byte sequences that were not UTF-8
   * @param notices what else a user should know, in sentences
   */
  public record Report(
      ByteLevelBpe tokenizer,
      long pieces,
      long distinctPieces,
      long longPieces,
      long malformedParts,
      List<String> notices) {
    public Report {
      notices = List.copyOf(notices);
    }
  }

  /**
   * Trains on all text behind the paths.
   *
   * @param input files, directories and globs
   * @param policy its word limit is that of pieces
   * @param vocabularySize the most tokens, 256 bytes and {@code <|endoftext|>} among them
   * @param minCount pairs that occur less often are not merged
   * @throws WordmillException for every fault that the user can act on
   */
  public static Report train(
      JavaSparkContext spark,
      List<String> input,
      TextPolicy policy,
      int vocabularySize,
      long minCount) {
    BpeTrainer trainer = trainer(vocabularySize, minCount);
    Configuration configuration = spark.hadoopConfiguration();
    List<FileStatus> files = TextSplits.find(input, configuration);
    List<String> notices = new ArrayList<>();
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(configuration));
    try {
      List<TextSplit> splits =
          TextSplits.cut(SoundFiles.of(spark, files, policy, hadoop, notices::add), configuration);
      if (splits.isEmpty()) {
        throw empty(input);
      }
      spark.setJobDescription(
          "Count the pieces of words in " + Plural.of(splits.size(), "split") + " of text");
      Iterator<CountedPieces> blocks =
          spark
              .parallelize(CharacterVocabulary.numbers(splits.size()), splits.size())
              .flatMapToPair(new PiecesOfSplit(splits, policy, hadoop))
              .reduceByKey(Long::sum, Math.min(splits.size(), MOST_PARTITIONS))
              .mapPartitions(pairs -> List.of(CountedPieces.of(pairs)).iterator())
              .toLocalIterator();
      return learn(trainer, blocks, input, policy, notices);
    } catch (Exception e) {
      // Scala methods throw checked exceptions that Java does not see declared.
      throw TrainerFaults.unwrap(e);
    } finally {
      spark.setJobDescription(null);
      hadoop.destroy();
    }
  }

  private static Report learn(
      BpeTrainer trainer,
      Iterator<CountedPieces> blocks,
      List<String> input,
      TextPolicy policy,
      List<String> notices) {
    long pieces = 0;
    long malformed = 0;
    long longPieces = 0;
    long longLines = 0;
    long bombs = 0;
    while (blocks.hasNext()) {
      CountedPieces block = blocks.next();
      for (int i = 0; i < block.size(); i++) {
        String piece = block.piece(i);
        if (piece.equals(MALFORMED)) {
          malformed = block.count(i);
        } else if (piece.equals(LONG_LINES)) {
          longLines = block.count(i);
        } else if (piece.equals(BOMBS)) {
          bombs = block.count(i);
        } else if (piece.equals(LONG)) {
          longPieces = block.count(i);
        } else {
          pieces += block.count(i);
          add(trainer, piece, block.count(i), input);
        }
      }
    }
    if (pieces + longPieces == 0) {
      throw empty(input);
    }
    new TextCounts(0, 0, 0, 0, 0, longLines, bombs).tell("the text", policy, notices::add);
    return new Report(
        trainer.train(), pieces + longPieces, trainer.pieces(), longPieces, malformed, notices);
  }

  private static void add(BpeTrainer trainer, String piece, long count, List<String> input) {
    try {
      trainer.add(piece, count);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          String.valueOf(e.getMessage()),
          String.join(", ", input),
          "learn from a part of the text",
          e);
    }
  }

  private static BpeTrainer trainer(int vocabularySize, long minCount) {
    try {
      return new BpeTrainer(vocabularySize, minCount, List.of(ByteLevelBpe.END_OF_TEXT));
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.USAGE,
          String.valueOf(e.getMessage()),
          "",
          "choose a vocabulary of some thousands, and a minimum of at least 1",
          e);
    }
  }

  private static WordmillException empty(List<String> input) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "there is no text to learn from",
        String.join(", ", input),
        "name files that hold text");
  }

  /** The pieces of one split with their counts. */
  private static final class PiecesOfSplit implements PairFlatMapFunction<Integer, String, Long> {
    private static final long serialVersionUID = 1L;
    private final List<TextSplit> splits;
    private final TextPolicy policy;
    private final Broadcast<SerializableConfiguration> hadoop;

    PiecesOfSplit(
        List<TextSplit> splits, TextPolicy policy, Broadcast<SerializableConfiguration> hadoop) {
      this.splits = new ArrayList<>(splits);
      this.policy = policy;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<Tuple2<String, Long>> call(Integer number) throws IOException {
      PieceCounts counts = new PieceCounts(policy.maxWordBytes());
      List<Tuple2<String, Long>> pairs = new ArrayList<>();
      try (TextPieces chunks =
          TextPieces.open(splits.get(number), policy, hadoop.value().value())) {
        for (String text = chunks.next(); !text.isEmpty(); text = chunks.next()) {
          counts.add(text);
        }
        pairs.add(new Tuple2<>(MALFORMED, chunks.malformedParts()));
        pairs.add(new Tuple2<>(LONG_LINES, chunks.longLines()));
        pairs.add(new Tuple2<>(BOMBS, chunks.bombs()));
      }
      pairs.add(new Tuple2<>(LONG, counts.longPieces()));
      counts.forEach((piece, count) -> pairs.add(new Tuple2<>(piece, count)));
      return pairs.iterator();
    }
  }
}
