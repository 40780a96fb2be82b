package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.text.Characters;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;

/**
 * The characters of a corpus, by map and reduce: each split tells the set of its code points, and
 * the driver unites them.
 */
final class CharacterVocabulary {
  private CharacterVocabulary() {}

  static Characters of(
      JavaSparkContext spark,
      List<TextSplit> splits,
      TextPolicy policy,
      Broadcast<SerializableConfiguration> hadoop) {
    spark.setJobDescription(
        "Collect the characters of " + Plural.of(splits.size(), "split") + " of text");
    BitSet all = new BitSet();
    for (long[] some :
        spark
            .parallelize(numbers(splits.size()), splits.size())
            .map(new CodePointsOfSplit(splits, policy, hadoop))
            .collect()) {
      all.or(BitSet.valueOf(some));
    }
    List<String> tokens = new ArrayList<>();
    all.stream().forEach(c -> tokens.add(Character.toString(c)));
    tokens.add(Vocabulary.UNKNOWN);
    return new Characters(new Vocabulary(tokens));
  }

  /** 0, 1, ..., one for each split: what the data set of a job over splits consists of. */
  static List<Integer> numbers(int splits) {
    return IntStream.range(0, splits).boxed().toList();
  }

  /** The set of code points as the words of a bit set. */
  private static final class CodePointsOfSplit implements Function<Integer, long[]> {
    private static final long serialVersionUID = 1L;
    private final List<TextSplit> splits;
    private final TextPolicy policy;
    private final Broadcast<SerializableConfiguration> hadoop;

    CodePointsOfSplit(
        List<TextSplit> splits, TextPolicy policy, Broadcast<SerializableConfiguration> hadoop) {
      this.splits = new ArrayList<>(splits);
      this.policy = policy;
      this.hadoop = hadoop;
    }

    @Override
    public long[] call(Integer number) throws IOException {
      Configuration configuration = hadoop.value().value();
      BitSet seen = new BitSet();
      try (TextPieces chunks = TextPieces.open(splits.get(number), policy, configuration)) {
        for (String text = chunks.next(); !text.isEmpty(); text = chunks.next()) {
          text.codePoints().forEach(seen::set);
        }
      }
      return seen.toLongArray();
    }
  }
}
