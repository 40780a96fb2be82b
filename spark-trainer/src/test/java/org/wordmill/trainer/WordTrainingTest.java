package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.WhitespaceWords;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingReport;

/** Language models of words. */
@ExtendWith(LocalSpark.class)
class WordTrainingTest {
  @TempDir Path folder;
  private final JavaSparkContext spark;

  WordTrainingTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  private WhitespaceWords vocabulary(int limit, String... files) throws IOException {
    Files.createDirectories(folder.resolve("words"));
    for (int i = 0; i < files.length; i++) {
      Files.writeString(folder.resolve("words/" + i), files[i]);
    }
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    return WordVocabulary.of(
        spark,
        TextSplits.cut(
            TextSplits.find(List.of(folder.resolve("words").toString()), hadoop.value().value()),
            hadoop.value().value()),
        limit,
        TextPolicy.DEFAULT,
        hadoop);
  }

  @Test
  void theMostFrequentWordsOfAllFilesAreKnown() throws IOException {
    assertThat(vocabulary(0, "c b <unk> b\n", "żółw b a\n", "a </s> d\n").vocabulary().tokens())
        .containsExactly("<unk>", "</s>", "b", "a", "c", "d", "żółw");
    assertThat(vocabulary(3, "c b b\n", "e b a\n", "a d\n").vocabulary().tokens())
        .containsExactly("<unk>", "</s>", "b", "a", "c");
    assertThatThrownBy(() -> vocabulary(3, " \n", "\n", "\n"))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("has no word");
  }

  @Test
  void aTrainedModelScoresSentencesAsItWasEvaluated() throws IOException {
    Path text = folder.resolve("train.txt.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(text))) {
      out.write(SmallRun.TEXT.getBytes(StandardCharsets.UTF_8));
    }
    Path validation = Files.writeString(folder.resolve("valid.txt"), SmallRun.VALIDATION);
    RecordedMetrics metrics = new RecordedMetrics();
    TrainingReport report =
        DataParallelTrainer.train(
            spark,
            new TrainingJob(
                List.of(text.toString()),
                List.of(validation.toString()),
                folder.resolve("run").toString(),
                false,
                Tokenization.words(6, TextPolicy.DEFAULT),
                Synchronization.SHARED,
                SmallRun.config().withVocabularySize(0)),
            metrics);
    assertThat(metrics.notices())
        .contains("the training text has 120 tokens that are not in the vocabulary");
    try (TrainedModel model =
        DataParallelTrainer.open(
            folder.resolve("run").toString(),
            spark.hadoopConfiguration(),
            KernelChoice.REFERENCE,
            notice -> {})) {
      assertThat(model.tokenizer().vocabulary().size()).isEqualTo(8);
      Perplexity score =
          new CorpusScorer(model.model(), TextPolicy.DEFAULT, new Spelling(26))
              .score(
                  new ByteArrayInputStream(SmallRun.VALIDATION.getBytes(StandardCharsets.UTF_8)),
                  "valid.txt");
      assertThat(score.tokens()).isEqualTo(5 * 8);
      // "the" comes twice a line, and lazy is not among the six.
      OptionalDouble evaluated = report.validationLoss();
      assertThat(evaluated).isPresent();
      assertThat(score.natsPerToken()).isCloseTo(evaluated.getAsDouble(), within(0.4));
      assertThat(score.natsPerToken()).isLessThan(Math.log(8));
    }
  }
}
