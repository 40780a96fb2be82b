package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.train.TrainingConfig;

class TrainingMemoryTest {
  private static final long GIB = 1L << 30;

  @Test
  void anExecutorsOverheadIsComparedWithWhatItsTasksTake() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.executor.memory", "4g")
            .set("spark.executor.memoryOverhead", "3g")
            .set("spark.executor.cores", "4");
    assertThat(TrainingMemory.ofExecutor(GIB / 2, conf))
        .isEqualTo(
            "memory of an executor: 4.0 GiB of heap and 3.0 GiB beside it"
                + " (spark.executor.memoryOverhead); tensors of 4 tasks at once take 2.0 GiB beside"
                + " the heap");
    assertThat(TrainingMemory.ofExecutor(GIB, conf))
        .endsWith(
            "take 4.0 GiB beside the heap: more than there is, so raise"
                + " spark.executor.memoryOverhead, or take smaller micro-batches");
  }

  /** Spark's own defaults: 1 GiB, a tenth of it but at least 384 MiB. */
  @Test
  void whatIsNotSetIsWhatSparkTakes() {
    assertThat(TrainingMemory.ofExecutor(1 << 20, new SparkConf(false)))
        .contains("1.0 GiB of heap and 384.0 MiB beside it", "of 1 task at once take 1.0 MiB");
    assertThat(
            TrainingMemory.ofExecutor(
                1 << 20, new SparkConf(false).set("spark.executor.memory", "20g")))
        .contains("20.0 GiB of heap and 2.0 GiB beside it");
  }

  @Test
  void inLocalModeTheLimitIsThatOfThisProcess() {
    TrainingConfig config =
        TrainingSettings.load("gpt-tiny", List.of()).training().withVocabularySize(100);
    assertThat(TrainingMemory.room(config, new SparkConf(false).setMaster("local[2]")))
        .matches(
            "memory of this process: .* now, at most .*, by"
                + " (-Dorg.bytedeco.javacpp.maxphysicalbytes, which .*|the memory of the machine or"
                + " container)");
  }
}
