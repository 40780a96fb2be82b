package org.wordmill.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.counter.EstimateReport;
import org.wordmill.counter.NGramCounter;
import org.wordmill.counter.NGramEstimator;
import org.wordmill.train.TrainingReport;
import org.wordmill.trainer.LanguageModelTrainer;
import py4j.GatewayServer;

/** The examples of docs/api.md, which are the lines between the comments here, with other paths. */
class ApiExamplesTest {
  private static final Path PAGE = Path.of("docs", "api.md");
  private static final Path SOURCE =
      Path.of("src", "test", "java", "org", "wordmill", "ml", "ApiExamplesTest.java");

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Dataset<Row> pages;

  @BeforeAll
  static void readPages() throws IOException {
    spark = SparkSession.builder().getOrCreate();
    try (InputStream in =
        ApiExamplesTest.class.getResourceAsStream("/org/wordmill/sample/train.txt")) {
      Files.write(folder.resolve("pages.txt"), in.readAllBytes());
    }
    pages =
        spark
            .createDataset(Files.readAllLines(folder.resolve("pages.txt")), Encoders.STRING())
            .toDF("text");
    pages.createOrReplaceTempView("pages");
    new NGramEstimator(spark).estimate(pages, 3, in("model.arpa"));
    Files.createDirectory(folder.resolve("new"));
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static String in(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void estimate() {
    // example estimate
    NGramEstimator estimator = new NGramEstimator(spark);
    EstimateReport report = estimator.estimate(pages.select("text"), 3, in("new/model.arpa"));
    new NGramCounter(spark).count(in("pages.txt"), 2, in("counts"));
    // end
    assertThat(report.orders()).hasSize(3);
    assertThat(folder.resolve("counts/_SUCCESS")).exists();
  }

  @Test
  void transform() {
    // example transform
    LanguageModelTransformer scorer =
        new LanguageModelTransformer().setModel(in("model.arpa")).setInputCol("text");
    Dataset<Row> fluent = scorer.transform(pages).where("perplexity < 300");
    // end
    assertThat(fluent.count()).isBetween(1L, pages.count());
  }

  @Test
  void pipeline() throws IOException {
    // example pipeline
    LanguageModelEstimator estimator = new LanguageModelEstimator().setOrder(3).setInputCol("text");
    PipelineModel model = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(pages);
    model.write().overwrite().save(in("pipeline"));
    Dataset<Row> scored = PipelineModel.load(in("pipeline")).transform(pages);
    // end
    assertThat(scored.columns()).contains("log_probability", "perplexity", "tokens", "oov");
  }

  @Test
  void sql() {
    // example sql
    ScoreFunctions.register(spark, "perplexity", in("model.arpa"));
    Dataset<Row> fluent = spark.sql("SELECT text FROM pages WHERE perplexity(text) < 300");
    // end
    assertThat(fluent.count()).isBetween(1L, pages.count());
  }

  @Test
  void train() {
    // example train
    TrainingReport report =
        new LanguageModelTrainer(spark)
            .transformer(16, 1, 2, 16)
            .steps(20)
            .validation(in("pages.txt"))
            .train(in("pages.txt"), in("run"));
    // end
    assertThat(report.steps()).isEqualTo(20);
    LanguageModelTransformer neural = new LanguageModelTransformer().setModel(in("run"));
    assertThat(neural.transform(pages.limit(3)).where("perplexity > 1").count()).isEqualTo(3);
    try {
      neural.save(in("neural"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(
            LanguageModelTransformer.load(in("neural"))
                .transform(pages.limit(3))
                .select("perplexity")
                .collectAsList())
        .isEqualTo(neural.transform(pages.limit(3)).select("perplexity").collectAsList());
  }

  /** What Python gets at through py4j: see the protocol in py4j's own protocol.py. */
  public static final class Python {
    /** As {@code spark._jsparkSession}. */
    public SparkSession session() {
      return spark;
    }

    /** As {@code pages._jdf}. */
    public Dataset<Row> frame() {
      return pages;
    }
  }

  @Test
  void theGatewayOfPySparkReachesAllOfIt() throws IOException {
    GatewayServer server = new GatewayServer(new Python(), 0);
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getListeningPort());
        Writer out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      Gateway gateway = new Gateway(out, in);
      String session = gateway.send("c", "t", "session");
      String frame = gateway.send("c", "t", "frame");
      gateway.send(
          "c",
          "z:org.wordmill.ml.ScoreFunctions",
          "register",
          session,
          "sppl",
          "s" + in("model.arpa"));
      String text = "s" + "SELECT text FROM pages WHERE ppl(text) < 300";
      String fluent = gateway.send("c", session, "sql", text);
      assertThat(gateway.send("c", fluent, "count")).matches("L[1-9][0-9]*");

      String scorer = gateway.send("i", "org.wordmill.ml.LanguageModelTransformer");
      gateway.send("c", scorer, "setModel", "s" + in("model.arpa"));
      gateway.send("c", scorer, "setInputCol", "stext");
      String scored = gateway.send("c", scorer, "transform", frame);
      assertThat(gateway.send("c", scored, "count")).isEqualTo("L" + pages.count());

      String estimator = gateway.send("i", "org.wordmill.counter.NGramEstimator", session);
      gateway.send("c", estimator, "estimate", frame, "i2", "s" + in("python.arpa"));
      assertThat(folder.resolve("python.arpa")).exists();

      String trainer = gateway.send("i", "org.wordmill.trainer.LanguageModelTrainer", session);
      gateway.send("c", trainer, "transformer", "i16", "i1", "i2", "i16");
      gateway.send("c", trainer, "steps", "i2");
      gateway.send("c", trainer, "validation", "s" + in("pages.txt"));
      gateway.send("c", trainer, "train", "s" + in("pages.txt"), "s" + in("python-run"));
      assertThat(folder.resolve("python-run/checkpoints")).isDirectory();
    } finally {
      server.shutdown();
    }
  }

  /** Commands and answers of py4j: lines, {@code e} at the end, {@code !y} before a result. */
  private record Gateway(Writer out, BufferedReader in) {
    String send(String... parts) throws IOException {
      // What is called is named without the r that tells a reference among arguments.
      parts[1] = parts[1].replaceFirst("^r(?=o\\d)", "");
      out.write(String.join("\n", parts) + "\ne\n");
      out.flush();
      String answer = in.readLine();
      assertThat(answer).as(String.join(" ", parts)).startsWith("!y");
      return answer.substring(2);
    }
  }

  @Test
  void thePageHasTheseExamples() throws IOException {
    List<String> page = Files.readAllLines(PAGE);
    List<String> source = Files.readAllLines(SOURCE);
    int examples = 0;
    for (int i = 0; i < page.size(); i++) {
      if (page.get(i).startsWith("<!-- example ")) {
        String name = page.get(i).replaceAll("<!-- example (.*) -->", "$1");
        List<String> shown =
            page.subList(i + 2, i + 2 + page.subList(i + 2, page.size()).indexOf("```"));
        assertThat(shown).as(name).isEqualTo(example(source, name));
        examples++;
      }
    }
    assertThat(examples).isEqualTo(5);
  }

  /** The lines of an example as a reader would write them: paths without this test's folder. */
  private static List<String> example(List<String> source, String name) {
    int begin = source.indexOf("    // example " + name);
    List<String> lines = new ArrayList<>();
    for (String line : source.subList(begin + 1, source.size())) {
      if (line.equals("    // end")) {
        return lines;
      }
      lines.add(line.substring(4).replaceAll("\\bin\\(\"(?:new/)?([^\"]*)\"\\)", "\"$1\""));
    }
    throw new AssertionError("no end of the example " + name);
  }
}
