package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.text.TextPolicy;

/** WikiText-2 against the entry counts and perplexities of KenLM's lmplz and query. */
@ExtendWith(LocalSpark.class)
final class WikiTextTest {
  /** 1e-6 relative. */
  private static final double PERCENT = 1e-4;

  @TempDir private Path directory;
  private final JavaSparkContext spark;

  WikiTextTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @ParameterizedTest
  @CsvSource({
    "3, '0',     226.051034, 33280 619592 1398959",
    "5, '0,0,1', 225.683339, 33280 619592 201431 108311 52179"
  })
  void entriesAndPerplexityAreThoseOfKenLm(
      int order, String pruning, double perplexity, String entries) throws IOException {
    Path train = directory.resolve("train.txt");
    Files.write(train, text("train"));
    Path arpa = directory.resolve("model.arpa");
    EstimateReport report =
        new NGramEstimator(spark)
            .estimate(
                TextInput.of(train.toString()),
                EstimateOptions.ofOrder(order)
                    .withModel(KneserNeyOptions.ofOrder(order).withPruning(pruning)),
                new ArpaTarget(arpa.toString(), false));
    List<String> counts = report.orders().stream().map(o -> Long.toString(o.entries())).toList();
    assertThat(String.join(" ", counts)).isEqualTo(entries);

    try (InputStream in = Files.newInputStream(arpa)) {
      BackoffModel model = ArpaReader.read(in, "model.arpa", warning -> {});
      CorpusScorer scorer = new CorpusScorer(model, TextPolicy.DEFAULT, new Spelling(256));
      Perplexity scored = scorer.score(new ByteArrayInputStream(text("test")), "test");
      assertThat(scored.includingOov()).isCloseTo(perplexity, withinPercentage(PERCENT));
    }
  }

  /** A part of the corpus, with its own {@code <unk>} made an ordinary word. */
  private static byte[] text(String part) throws IOException {
    Path file = Path.of("../../shared/data/wikitext2." + part + ".txt.gz");
    Assumptions.assumeTrue(Files.exists(file), file + " is not here");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("<unk>", "_unk_")
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}
