package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.optim.LearningRate;

/** Runs that send a part of their gradients. */
class TopKTest {
  private static final TopK TENTH = new TopK(0.1, 5);
  private static final TrainingConfig CONFIG = SmallRun.config().withTopK(TENTH);

  @TempDir private Path folder;

  private RecordedMetrics train(TrainingConfig config, String run, boolean resume) {
    return SmallRun.train(config, folder.resolve(run), resume);
  }

  @Test
  void aTenthOfTheGradientLearns() {
    RecordedMetrics all = train(SmallRun.config(), "all", false);
    RecordedMetrics tenth = train(CONFIG, "tenth", false);
    assertThat(tenth.losses()).isNotEqualTo(all.losses()).hasSize(20);
    assertThat(tenth.losses().get(0)).isEqualTo(all.losses().get(0));
    assertThat(tenth.losses().get(19)).isLessThan(all.losses().get(0) - 0.3);
  }

  @Test
  void aRunIsResumedWithTheBitsOfTheUnbrokenOne() throws IOException {
    RecordedMetrics unbroken = train(CONFIG, "unbroken", false);
    train(SmallRun.withSteps(SmallRun.config(), 10).withTopK(TENTH), "run", false);
    RecordedMetrics second = train(CONFIG, "run", true);
    assertThat(second.losses()).isEqualTo(unbroken.losses().subList(10, 20));
    assertThat(parameters("run")).isEqualTo(parameters("unbroken"));
  }

  private byte[] parameters(String run) throws IOException {
    return SmallRun.parameters(folder.resolve(run));
  }

  @Test
  void whatIsNotFiniteStillEndsTheRun() {
    TrainingConfig wild =
        SmallRun.with(SmallRun.config(), new LearningRate.Constant(1e30)).withTopK(TENTH);
    assertThatThrownBy(() -> train(wild, "wild", false))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED));
  }

  @Test
  void itIsPartOfTheConfigurationWhereSomethingIsHeldBack() {
    assertThat(SmallRun.config().toJson().has("top_k")).isFalse();
    assertThat(CONFIG.toJson().path("top_k").path("density").doubleValue()).isEqualTo(0.1);
    assertThatThrownBy(
            () -> CONFIG.requireResumable(CONFIG.withTopK(new TopK(0.2, 5)).toJson(), "here"))
        .hasMessageContaining("top_k.density is 0.2 in the checkpoint and 0.1 now");
  }

  @Test
  void checkpointsAndEvaluationsThatFallIntoAPeriodAreRefused() {
    assertThatThrownBy(() -> CONFIG.withTopK(new TopK(0.1, 4)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("top_k.period = 4, schedule.evaluation_interval = 5")
        .hasMessageContaining(
            "set schedule.evaluation_interval=8, schedule.checkpoint_interval=8, or another"
                + " period");
    assertThatThrownBy(() -> CONFIG.withOuterStep(new OuterStep(5, 1, 0)))
        .hasMessageContaining("no gradients to hold back");
  }

  @Test
  void twoVectorsForEachPartitionAreForetold() {
    MemoryEstimate all = MemoryEstimate.of(SmallRun.config());
    MemoryEstimate tenth = MemoryEstimate.of(CONFIG);
    assertThat(all.heldBack()).isZero();
    assertThat(tenth.heldBack()).isEqualTo(2 * all.gradients());
    assertThat(tenth.task()).isEqualTo(all.task() + 2 * all.gradients());
    assertThat(tenth.alone(3)).isEqualTo(all.alone(3) + 6 * all.gradients());
  }
}
