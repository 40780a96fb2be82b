package org.wordmill.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.counter.NGramEstimator;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.format.ngramtable.TableLayout;
import org.wordmill.format.ngramtable.TablePacker;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.TextPolicy;

/** Scoring columns of text against the scorer of one thread, in memory. */
class LanguageModelTransformerTest {
  private static final List<String> LINES = sample("train.txt");
  private static final List<String> TEXTS =
      Arrays.asList(
          "The miller went to the old bridge",
          "",
          "bread\nand butter\n",
          null,
          "xyzzy \u00e9t\u00e9");

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Path arpa;

  @BeforeAll
  static void estimateAModel() {
    spark = SparkSession.builder().getOrCreate();
    arpa = folder.resolve("model.arpa");
    new NGramEstimator(spark).estimate(rows(LINES), 3, arpa.toString());
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static List<String> sample(String name) {
    try (InputStream in =
        LanguageModelTransformerTest.class.getResourceAsStream("/org/wordmill/sample/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Dataset<Row> rows(List<String> texts) {
    return spark.createDataset(texts, Encoders.STRING()).toDF("text");
  }

  /** The score of a text as a file of its own. */
  private static Perplexity expected(String text) {
    try (InputStream in = Files.newInputStream(arpa)) {
      NgramModel model = ArpaReader.read(in, "model", warning -> {});
      CorpusScorer scorer = new CorpusScorer(model, TextPolicy.IN_MEMORY, new Spelling(26));
      byte[] lines = (text + (text.endsWith("\n") ? "" : "\n")).getBytes(StandardCharsets.UTF_8);
      return scorer.score(new ByteArrayInputStream(lines), "text");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void assertScored(List<Row> scored) {
    assertThat(scored).hasSize(TEXTS.size());
    for (int i = 0; i < TEXTS.size(); i++) {
      Row row = scored.get(i);
      assertThat(row.<String>getAs("text")).isEqualTo(TEXTS.get(i));
      if (TEXTS.get(i) == null) {
        assertThat(row.<Double>getAs("perplexity")).isNull();
        assertThat(row.<Long>getAs("tokens")).isNull();
        continue;
      }
      Perplexity expected = expected(TEXTS.get(i));
      assertThat(row.<Double>getAs("log_probability"))
          .isCloseTo(expected.logProbability(), within(1e-9));
      assertThat(row.<Double>getAs("perplexity"))
          .isCloseTo(expected.includingOov(), within(1e-9 * expected.includingOov()));
      assertThat(row.<Long>getAs("tokens")).isEqualTo(expected.tokens());
      assertThat(row.<Long>getAs("oov")).isEqualTo(expected.oov());
    }
  }

  @Test
  void columnsAreThoseOfTheScorerOfOneThreadForAnArpaFileAndForATable() throws IOException {
    assertScored(
        new LanguageModelTransformer()
            .setModel(arpa.toString())
            .transform(rows(TEXTS))
            .collectAsList());
    Path table = folder.resolve("model.table");
    try (InputStream in = Files.newInputStream(arpa)) {
      TablePacker.pack(in, "model", table, TableLayout.PROBING, false, warning -> {});
    }
    assertScored(
        new LanguageModelTransformer()
            .setModel(table.toString())
            .transform(rows(TEXTS))
            .collectAsList());
  }

  @Test
  void aPipelineEstimatesSavesAndLoadsAndScoresTheSame() {
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {new LanguageModelEstimator().setOrder(3).setInputCol("text")});
    PipelineModel fitted = pipeline.fit(rows(LINES));
    assertScored(fitted.transform(rows(TEXTS)).collectAsList());
    String saved = folder.resolve("pipeline").toString();
    try {
      fitted.write().overwrite().save(saved);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    PipelineModel loaded = PipelineModel.load(saved);
    assertScored(loaded.transform(rows(TEXTS)).collectAsList());
    assertThat(((LanguageModelTransformer) loaded.stages()[0]).explainParams()).contains(saved);
  }

  @Test
  void parametersOfTheEstimatorAreSavedToo() throws IOException {
    LanguageModelEstimator estimator =
        new LanguageModelEstimator().setOrder(2).setPrune("0,1").setDiscountFallback(true);
    String saved = folder.resolve("estimator").toString();
    estimator.write().overwrite().save(saved);
    LanguageModelEstimator loaded = LanguageModelEstimator.load(saved);
    assertThat(loaded.uid()).isEqualTo(estimator.uid());
    assertThat(loaded.explainParams()).contains("current: 0,1").contains("current: 2");
    assertThat(loaded.fit(rows(LINES.subList(0, 50))).transform(rows(TEXTS)).count()).isEqualTo(5);
  }

  @Test
  void namesOfColumnsCanBeChosenAndOtherColumnsStay() {
    Dataset<Row> pages =
        rows(List.of("the mill"))
            .withColumn("id", functions.lit(7))
            .withColumnRenamed("text", "a.b");
    Dataset<Row> scored =
        new LanguageModelTransformer()
            .setModel(arpa.toString())
            .setInputCol("a.b")
            .setPerplexityCol("ppl")
            .setLogProbabilityCol("ln p")
            .setTokensCol("n")
            .setOovCol("unknown")
            .transform(pages);
    assertThat(scored.columns()).containsExactly("a.b", "id", "ln p", "ppl", "n", "unknown");
    assertThat(scored.where("ppl < 1e9 AND id = 7").count()).isEqualTo(1);
  }

  @Test
  void theFunctionForSqlGivesThePerplexity() {
    ScoreFunctions.register(spark, "perplexity", arpa.toString());
    rows(TEXTS).createOrReplaceTempView("pages");
    List<Row> scored =
        spark
            .sql("SELECT text, perplexity(text) AS p FROM pages WHERE perplexity(text) > 0 ")
            .collectAsList();
    assertThat(scored).hasSize(4);
    assertThat(scored.get(0).getDouble(1))
        .isCloseTo(expected(TEXTS.get(0)).includingOov(), within(1e-6));
  }

  @Test
  void aModelThatIsNotThereAndColumnsThatAreNoTextAreSaidAtOnce() {
    LanguageModelTransformer none = new LanguageModelTransformer();
    assertFault(() -> none.transform(rows(TEXTS)), ExitCode.USAGE, "there is no model");
    assertFault(
        () -> none.setModel(folder.resolve("no.arpa").toString()).transform(rows(TEXTS)),
        ExitCode.STORAGE,
        "no.arpa");
    none.setModel(arpa.toString());
    assertFault(
        () -> none.transform(rows(TEXTS).withColumnRenamed("text", "page")),
        ExitCode.USAGE,
        "no column 'text'");
    assertFault(
        () -> none.transform(rows(TEXTS).withColumn("oov", functions.lit(1))),
        ExitCode.USAGE,
        "a column 'oov' already");
  }

  private static void assertFault(Runnable action, ExitCode code, String part) {
    assertThatThrownBy(action::run)
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining(part)
        .extracting(fault -> ((WordmillException) fault).exitCode())
        .isEqualTo(code);
  }
}
