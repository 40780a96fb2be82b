package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingReport;

/** Training in a few words. */
@ExtendWith(LocalSpark.class)
class LanguageModelTrainerTest {
  @TempDir Path folder;
  private final SparkSession spark;

  LanguageModelTrainerTest(JavaSparkContext context) {
    spark = SparkSession.builder().sparkContext(context.sc()).getOrCreate();
  }

  @Test
  void fewWordsMakeAModelThatOpens() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), SmallRun.TEXT);
    Path validation = Files.writeString(folder.resolve("valid.txt"), SmallRun.VALIDATION);
    String output = folder.resolve("run").toString();
    TrainingReport report =
        new LanguageModelTrainer(spark)
            .transformer(8, 1, 2, 16)
            .steps(12)
            .validation(validation.toString())
            .train(text.toString(), output);
    assertThat(report.steps()).isEqualTo(12);
    assertThat(report.validationLoss()).isPresent();
    try (TrainedModel model =
        DataParallelTrainer.open(
            output, spark.sparkContext().hadoopConfiguration(), KernelChoice.AUTO, notice -> {})) {
      assertThat(model.config().contextLength()).isEqualTo(8);
      assertThat(model.tokenizer().vocabulary().size()).isGreaterThan(5);
    }
    assertThatThrownBy(() -> new LanguageModelTrainer(spark).train(text.toString(), output))
        .isInstanceOf(WordmillException.class)
        .extracting(fault -> ((WordmillException) fault).exitCode())
        .isEqualTo(ExitCode.STORAGE);
    assertThatThrownBy(
            () -> new LanguageModelTrainer(spark).steps(0).train(text.toString(), output + "2"))
        .isInstanceOf(WordmillException.class)
        .extracting(fault -> ((WordmillException) fault).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
