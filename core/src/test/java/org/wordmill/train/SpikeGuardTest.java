package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.Manifest;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.optim.LearningRate;

class SpikeGuardTest {
  /** As small as can be: many steps are needed before the guard says anything. */
  private static final TrainingConfig CONFIG =
      new TrainingConfig(
          SmallRun.config().model(),
          Batching.of(2, 1),
          new Optimization(
              SmallRun.config().optimization().rule(),
              new LearningRate.Constant(1e-3),
              SmallRun.config().optimization().clipping(),
              Optimization.NON_FINITE_LIMIT,
              20),
          new Schedule(150, 1, 0, 0, 10, 2),
          KernelChoice.FUSED,
          7);

  @TempDir Path folder;

  @Test
  void anOutlierIsSoManyStandardDeviationsAboveTheMean() {
    SpikeGuard guard = new SpikeGuard(3);
    for (int i = 0; i < SpikeGuard.WINDOW; i++) {
      // Means 2 and 10, deviations 0.5 and 1.
      guard.add(i % 2 == 0 ? 1.5 : 2.5, i % 2 == 0 ? 9 : 11);
    }
    assertThat(guard.objection(3.49, 12.99)).isEmpty();
    assertThat(guard.objection(-100, 0)).isEmpty();
    assertThat(guard.objection(3.75, 10))
        .hasValueSatisfying(
            what -> assertThat(what).startsWith("the loss is 3.750, 3.5 standard deviations"));
    assertThat(guard.objection(2, 14))
        .hasValueSatisfying(
            what -> assertThat(what).startsWith("the norm of the gradient is 14.00, 4.0 standard"));
    assertThat(new SpikeGuard(0).objection(1e9, 1e9)).isEmpty();
  }

  @Test
  void theHistoryIsTheLastUpdatesAndNothingIsSaidBeforeItIsFull() {
    SpikeGuard guard = new SpikeGuard(3);
    for (int i = 0; i < SpikeGuard.WINDOW - 1; i++) {
      guard.add(i % 2, i % 2);
      assertThat(guard.objection(1e6, 1e6)).isEmpty();
    }
    guard.add(1, 1);
    assertThat(guard.objection(1e6, 1e6)).isPresent();
    SpikeGuard after = new SpikeGuard(3);
    after.restore(guard.history());
    for (SpikeGuard either : List.of(guard, after)) {
      either.add(0.123456789012345678, 7);
    }
    assertThat(after.history()).isEqualTo(guard.history());
    assertThat(after.history().get("losses"))
        .hasSize(SpikeGuard.WINDOW)
        .endsWith(1.0, 0.123456789012345678);
    after.restore(Map.of());
    assertThat(after.objection(1e6, 1e6)).isEmpty();
  }

  @Test
  void anOutlierIsSkippedToldAndCountedAndAResumedRunDoesTheSame() {
    Set<Long> spikes = Set.of(5L, 140L);
    RecordedMetrics unbroken = new RecordedMetrics();
    TrainingReport report = train(CONFIG, "unbroken", unbroken, spikes);
    assertThat(report.steps()).isEqualTo(150);
    assertThat(unbroken.steps().stream().filter(StepMetrics::spike).map(StepMetrics::step))
        .containsExactly(141L);
    assertThat(unbroken.steps().get(149).skipped()).isEqualTo(1);
    assertThat(unbroken.notices())
        .anySatisfy(
            notice ->
                assertThat(notice)
                    .contains("the loss is", "standard deviations", "at step 141", "is skipped"));

    RecordedMetrics broken = new RecordedMetrics();
    train(SmallRun.withSteps(CONFIG, 139), "broken", broken, spikes);
    train(CONFIG, "broken", broken, spikes);
    assertThat(broken.losses()).isEqualTo(unbroken.losses());
    assertThat(newest("broken").files()).isEqualTo(newest("unbroken").files());
    assertThat(newest("broken").history()).isEqualTo(newest("unbroken").history());
    assertThat(newest("broken").progress()).isEqualTo(newest("unbroken").progress());
  }

  @Test
  void aThresholdThatNothingExceedsChangesNoBit() {
    train(SmallRun.withSpikeThreshold(CONFIG, 0), "without", new RecordedMetrics(), Set.of());
    RecordedMetrics metrics = new RecordedMetrics();
    train(CONFIG, "with", metrics, Set.of());
    assertThat(metrics.notices()).isEmpty();
    assertThat(newest("with").files()).isEqualTo(newest("without").files());
  }

  @Test
  void outliersInARowEndTheRunWithTheLastCheckpointBeforeThem() {
    Set<Long> spikes = Set.copyOf(LongStream.range(135, 150).boxed().toList());
    RecordedMetrics metrics = new RecordedMetrics();
    assertThatThrownBy(() -> train(CONFIG, "run", metrics, spikes))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED))
        .hasMessageContaining("at step 140, the 5. such step in a row")
        .hasMessageContaining("spike_threshold");
    assertThat(newest("run").step()).isEqualTo(130);
    RecordedMetrics after = new RecordedMetrics();
    train(SmallRun.withSpikeThreshold(CONFIG, 0), "run", after, spikes);
    assertThat(after.steps()).hasSize(20);
  }

  @Test
  void theLastStepMayBeAnOutlierAndTheWorkBeforeItIsKept() {
    train(CONFIG, "run", new RecordedMetrics(), Set.of(149L));
    assertThat(newest("run").step()).isEqualTo(150);
    assertThat(newest("run").progress("skipped_in_a_row")).isEqualTo(1);
  }

  /**
   * Goes on from what is there, as the real trainers do; the loss of some steps is far too high.
   */
  private TrainingReport train(
      TrainingConfig config, String name, RecordedMetrics metrics, Set<Long> spikes) {
    Tokens training = SmallRun.training();
    TrainingText text =
        new TrainingText(
            "tokenizer",
            TrainingText.checksum(training),
            Examples.training(config, List.of(training)).perEpoch());
    Checkpoints checkpoints = checkpoints(name, metrics);
    TrainingState state = new TrainingState(config);
    state.restoreNewest(checkpoints, text);
    try (GradientSync sync = new LocalSync(state, List.of(training), SmallRun.validation())) {
      return new TrainingLoop(state, new Spiky(sync, spikes), checkpoints, text, metrics).run();
    }
  }

  private Checkpoints checkpoints(String name, RecordedMetrics metrics) {
    return new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), metrics::notice);
  }

  private Manifest newest(String name) {
    return checkpoints(name, new RecordedMetrics()).list().get(0);
  }

  private record Spiky(GradientSync sync, Set<Long> spikes) implements GradientSync {
    @Override
    public String name() {
      return sync.name();
    }

    @Override
    public StepSum gradient(long step) {
      StepSum sum = sync.gradient(step);
      BatchSum batch = sum.sum();
      return spikes.contains(step)
          ? new StepSum(
              new BatchSum(batch.loss() + 1000 * batch.tokens(), batch.tokens()),
              sum.squaredNorm(),
              sum.gradientSeconds(),
              sum.inputSeconds())
          : sum;
    }

    @Override
    public BatchSum validate(long step) {
      return sync.validate(step);
    }

    @Override
    public void close() {
      sync.close();
    }
  }
}
