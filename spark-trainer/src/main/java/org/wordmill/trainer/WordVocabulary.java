package org.wordmill.trainer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WhitespaceWords;
import org.wordmill.text.WordScanner;
import scala.Tuple2;

/**
 * The words of a corpus, counted by map and reduce: {@code <unk>}, {@code </s>}, then the most
 * frequent words by falling frequency, equal ones by their bytes. What becomes {@code <unk>} is
 * that of {@link WordScanner}, and all rarer words.
 *
 * <p>At most a vocabulary from each partition reaches the driver.
 */
final class WordVocabulary {
  private static final Comparator<Counted> ORDER =
      Comparator.comparingLong(Counted::count)
          .reversed()
          .thenComparing(
              counted -> counted.word().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private WordVocabulary() {}

  /** A word and how often the text has it. */
  private record Counted(String word, long count) {

    /** A line; words have no white space in them. */
    String write() {
      return count + " " + word;
    }

    static Counted read(String line) {
      int space = line.indexOf(' ');
      return new Counted(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
    }
  }

  /**
   * @param limit of words; 0 for none
   * @throws WordmillException BAD_INPUT when the text has no word
   */
  static WhitespaceWords of(
      JavaSparkContext spark,
      List<TextSplit> splits,
      int limit,
      TextPolicy policy,
      Broadcast<SerializableConfiguration> hadoop) {
    spark.setJobDescription("Count the words of " + Plural.of(splits.size(), "split") + " of text");
    int most = limit == 0 ? Integer.MAX_VALUE : limit;
    List<String> blocks =
        spark
            .parallelize(CharacterVocabulary.numbers(splits.size()), splits.size())
            .flatMapToPair(new WordsOfSplit(splits, policy, hadoop))
            .reduceByKey(Long::sum, splits.size())
            .mapPartitions(words -> List.of(mostFrequent(words, most)).iterator())
            .collect();
    List<String> tokens = new ArrayList<>(List.of(Vocabulary.UNKNOWN, Vocabulary.END));
    blocks.stream()
        .flatMap(String::lines)
        .map(Counted::read)
        .sorted(ORDER)
        .limit(most)
        .forEach(counted -> tokens.add(counted.word()));
    if (tokens.size() == 2) {
      throw new WordmillException(
          ExitCode.BAD_INPUT, "the training text has no word", "", "give files with text in them");
    }
    return new WhitespaceWords(new Vocabulary(tokens));
  }

  private static String mostFrequent(Iterator<Tuple2<String, Long>> words, int most) {
    Stream.Builder<Counted> all = Stream.builder();
    words.forEachRemaining(pair -> all.add(new Counted(pair._1(), pair._2())));
    StringBuilder lines = new StringBuilder();
    all.build()
        .sorted(ORDER)
        .limit(most)
        .forEach(counted -> lines.append(counted.write()).append('\n'));
    return lines.toString();
  }

  /** The words of one split with their counts. */
  private static final class WordsOfSplit implements PairFlatMapFunction<Integer, String, Long> {
    private static final long serialVersionUID = 1L;
    private final List<TextSplit> splits;
    private final TextPolicy policy;
    private final Broadcast<SerializableConfiguration> hadoop;

    WordsOfSplit(
        List<TextSplit> splits, TextPolicy policy, Broadcast<SerializableConfiguration> hadoop) {
      this.splits = new ArrayList<>(splits);
      this.policy = policy;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<Tuple2<String, Long>> call(Integer number) throws IOException {
      Map<String, long[]> counts = new HashMap<>();
      WordScanner scanner = new WordScanner(TextPolicy.IN_MEMORY);
      try (TextPieces chunks =
          TextPieces.open(splits.get(number), policy, hadoop.value().value())) {
        for (String text = chunks.next(); !text.isEmpty(); text = chunks.next()) {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          int words = scanner.scan(bytes, 0, bytes.length, splits.get(number).path(), 0);
          for (int i = 0; i < words; i++) {
            if (!scanner.isUnknown(i)) {
              counts.computeIfAbsent(scanner.word(i), word -> new long[1])[0]++;
            }
          }
        }
      }
      return counts.entrySet().stream()
          .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue()[0]))
          .iterator();
    }
  }
}
