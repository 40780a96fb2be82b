package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.counter.CountOptions.Format;

/** Texts of which it is known how their counts differ, whatever the counts are. */
@ExtendWith(LocalSpark.class)
final class MetamorphicTest {
  private static final long SEED = 20261128;

  @TempDir private Path directory;
  private final JavaSparkContext spark;

  MetamorphicTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  private static List<String> sentences(Random random, int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder line = new StringBuilder();
      for (int words = random.nextInt(12); words > 0; words--) {
        line.append((int) Math.abs(random.nextGaussian() * 30)).append(' ');
      }
      lines.add(line.toString());
    }
    return lines;
  }

  @Test
  void countsOfTwoTextsAreTheSumsOfTheCountsOfEach() {
    Random random = new Random(SEED);
    Path a = SampleText.write(directory.resolve("in/a.txt"), sentences(random, 400));
    Path b = SampleText.write(directory.resolve("in/b.txt"), sentences(random, 700));
    Map<String, Long> sums = new TreeMap<>(count(a, "a"));
    count(b, "b").forEach((ngram, count) -> sums.merge(ngram, count, Long::sum));
    assertThat(count(directory.resolve("in"), "both")).as("seed %d", SEED).isEqualTo(sums);
  }

  @Test
  void shuffledShardsAndSentencesGiveTheSameModel() throws IOException {
    Random random = new Random(SEED);
    List<String> lines = sentences(random, 900);
    estimate(shards("first", lines), "first.arpa");
    for (int round = 0; round < 3; round++) {
      Collections.shuffle(lines, random);
      estimate(shards("shuffled" + round, lines), "shuffled.arpa");
      assertThat(Files.readString(directory.resolve("shuffled.arpa")))
          .as("seed %d, round %d", SEED, round)
          .isEqualTo(Files.readString(directory.resolve("first.arpa")));
    }
  }

  private Path shards(String name, List<String> lines) {
    int shards = 3;
    for (int i = 0; i < shards; i++) {
      SampleText.write(
          directory.resolve(name + "/" + i + ".txt"),
          lines.subList(i * lines.size() / shards, (i + 1) * lines.size() / shards));
    }
    return directory.resolve(name);
  }

  private void estimate(Path input, String arpa) {
    new NGramEstimator(spark)
        .estimate(
            TextInput.of(input.toString()).withSplitBytes(5000),
            EstimateOptions.ofOrder(3).withPartitions(3),
            new ArpaTarget(directory.resolve(arpa).toString(), true));
  }

  private Map<String, Long> count(Path input, String output) {
    new NGramCounter(spark)
        .count(
            TextInput.of(input.toString()).withSplitBytes(5000),
            CountOptions.ofOrder(4).withFormat(Format.TSV).withPartitions(3),
            new CountTarget(directory.resolve(output).toString(), false));
    return NGramCounterTest.readTsv(directory.resolve(output));
  }
}
