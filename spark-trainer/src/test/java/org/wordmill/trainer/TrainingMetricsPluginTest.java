package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;
import org.wordmill.train.EvaluationMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TrainingListener;

/** A training as Spark's own pages and Prometheus see it. */
@ExtendWith(LocalSpark.class)
class TrainingMetricsPluginTest {
  private static final Pattern GAUGE =
      Pattern.compile(
          "metrics_tests_driver_plugin_org_wordmill_trainer_TrainingMetricsPlugin_(\\w+)_Value"
              + "\\{type=\"gauges\"\\} (\\S+)");

  @TempDir private Path folder;
  private final JavaSparkContext spark;
  private final List<StepMetrics> steps = new ArrayList<>();
  private final List<Double> validationLosses = new ArrayList<>();

  TrainingMetricsPluginTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void train() throws IOException {
    DataParallelTrainer.train(
        spark,
        SmallJob.in(
            folder,
            Synchronization.BROADCAST,
            SmallRun.withSteps(SmallRun.withVocabulary(SmallRun.config(), 0), 5)),
        new TrainingListener() {
          @Override
          public void step(StepMetrics metrics) {
            steps.add(metrics);
          }

          @Override
          public void evaluated(EvaluationMetrics metrics) {
            validationLosses.add(metrics.validationLoss());
          }
        });
  }

  private String read(String path) throws IOException {
    URI address = URI.create(spark.sc().uiWebUrl().get()).resolve(path);
    try (InputStream in = address.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void prometheusReadsTheLastStepFromTheDriversPage() throws IOException {
    Map<String, Double> gauges = new TreeMap<>();
    Matcher matcher = GAUGE.matcher(read("/metrics/prometheus"));
    while (matcher.find()) {
      gauges.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
    }
    StepMetrics last = steps.get(4);
    assertThat(gauges)
        .containsEntry("step", 5.0)
        .containsEntry("tokens", (double) last.tokens())
        .containsEntry("skippedSteps", 0.0)
        .containsEntry("loss", last.loss())
        .containsEntry("gradientNorm", last.gradientNorm())
        .containsEntry("learningRate", last.learningRate())
        .containsEntry("tokensPerSecond", last.tokensPerSecond())
        .containsEntry("validationLoss", validationLosses.get(validationLosses.size() - 1))
        .hasSize(8);
    assertThat(last.loss()).isCloseTo(3.2, within(0.5));
  }

  @Test
  void everyJobSaysInASentenceWhatItDoes() throws IOException {
    List<String> sentences = new ArrayList<>();
    String jobs = "/api/v1/applications/" + spark.sc().applicationId() + "/jobs";
    for (JsonNode job : Json.parse(read(jobs), "the jobs")) {
      sentences.add(job.path("description").asText());
    }
    assertThat(sentences)
        .contains(
            "Collect the characters of 1 split of text",
            "Encode 1 split of the training text as tokens",
            "Compute step 5: the gradients of 12 sequences in 2 partitions",
            "Measure the validation loss after step 5")
        .allMatch(sentence -> sentence.matches("[A-Z][a-z]+ .*"));
  }
}
