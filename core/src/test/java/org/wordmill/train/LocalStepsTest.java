package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.Manifest;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;
import org.wordmill.optim.Sgd;
import org.wordmill.optim.UpdateRule;

/** Replicas that make local steps, one after the other in one thread, against training as it is. */
class LocalStepsTest {
  private static final TrainingConfig CONFIG = SmallRun.config();
  private static final OuterStep AVERAGING = new OuterStep(5, 1, 0);
  private static final OuterStep MOMENTUM = new OuterStep(5, 0.7, 0.9);

  @TempDir Path folder;

  /** A mean of one is what it is, so with one replica rounds of any length are nothing new. */
  @Test
  void theAverageOfOneReplicaIsSynchronousTrainingBitForBit() {
    TrainingConfig alone = SmallRun.with(CONFIG, new Batching(12, 6, 1));
    RecordedMetrics expected = train(alone, "synchronous");
    for (int steps : new int[] {1, 5}) {
      RecordedMetrics rounds =
          train(alone.withOuterStep(new OuterStep(steps, 1, 0)), "rounds" + steps);
      assertThat(rounds.losses()).isEqualTo(expected.losses()).hasSize(20);
      assertThat(rounds.evaluations()).isEqualTo(expected.evaluations());
      assertThat(vector("rounds" + steps, "parameters"))
          .isEqualTo(vector("synchronous", "parameters"));
      assertThat(vector("rounds" + steps, "moment2")).isEqualTo(vector("synchronous", "moment2"));
    }
  }

  /** The update is a linear function of the gradient, and so of the replicas' weighted mean. */
  @Test
  void averagingAfterEveryStepOfGradientDescentIsSynchronousTrainingToRounding() {
    for (UpdateRule rule : List.of(new Sgd(0, false, 0.1), new Sgd(0.9, true, 0))) {
      // 7 micro-batches: the partitions of 3 have not the same number of targets.
      for (int partitions : new int[] {2, 3}) {
        TrainingConfig config = with(rule, new Batching(14, 2, partitions));
        RecordedMetrics expected = train(config, "synchronous" + rule + partitions);
        RecordedMetrics rounds =
            train(config.withOuterStep(new OuterStep(1, 1, 0)), "rounds" + rule + partitions);
        assertThat(expected.losses().get(9)).isLessThan(expected.losses().get(0) - 0.05);
        for (int i = 0; i < 10; i++) {
          assertThat(rounds.losses().get(i) / expected.losses().get(i)).isCloseTo(1, within(1e-5));
        }
      }
    }
  }

  /**
   * The mean of squares is not the square of the mean, nor the norm of a part that of the whole.
   */
  @Test
  void averagingAfterEveryStepOfAdamIsNearAndNotTheSame() {
    RecordedMetrics expected = train(CONFIG, "synchronous");
    RecordedMetrics rounds = train(CONFIG.withOuterStep(new OuterStep(1, 1, 0)), "rounds");
    assertThat(rounds.losses().get(0)).isEqualTo(expected.losses().get(0));
    assertThat(rounds.losses().get(19)).isCloseTo(expected.losses().get(19), within(0.2));
    assertThat(rounds.losses().get(19) / expected.losses().get(19) - 1)
        .isNotCloseTo(0, within(1e-5));
  }

  @Test
  void roundsLearn() {
    for (OuterStep outer : List.of(AVERAGING, MOMENTUM)) {
      RecordedMetrics metrics = train(CONFIG.withOuterStep(outer), outer.toString());
      assertThat(metrics.losses().get(19)).isLessThan(metrics.losses().get(0) - 0.3);
      assertThat(metrics.evaluations())
          .hasEntrySatisfying(20L, loss -> assertThat(loss).isLessThan(3));
    }
  }

  @Test
  void everyStepHasItsMetricsOnceAndAnEqualShareOfTheTimeOfItsRound() {
    RecordedMetrics metrics = train(CONFIG.withOuterStep(MOMENTUM), "run");
    RecordedMetrics synchronous = train(CONFIG, "synchronous");
    assertThat(metrics.steps()).hasSize(20);
    for (int i = 0; i < 20; i++) {
      StepMetrics step = metrics.steps().get(i);
      StepMetrics same = synchronous.steps().get(i);
      assertThat(step.step()).isEqualTo(i + 1);
      assertThat(step.tokens()).isEqualTo(same.tokens()).isEqualTo((i + 1) * 96L);
      assertThat(step.learningRate()).isEqualTo(same.learningRate());
      assertThat(step.epochs()).isEqualTo(same.epochs());
      assertThat(step.gradientNorm()).isPositive().isFinite();
      assertThat(step.seconds()).isEqualTo(metrics.steps().get(i / 5 * 5).seconds());
      assertThat(step.syncSeconds()).isNotNegative().isLessThan(step.seconds());
    }
    assertThat(metrics.evaluations()).containsOnlyKeys(0L, 5L, 10L, 15L, 20L);
  }

  @Test
  void everySequenceOfEveryBatchIsLearntByOneReplicaOnce() {
    Batching batching = new Batching(14, 2, 3);
    Examples all = Examples.training(SmallRun.with(CONFIG, batching), List.of(SmallRun.training()));
    Map<String, Integer> seen = new HashMap<>();
    TrainingStep step = new TrainingStep(new Counted(all, seen), batching, 7);
    ModelWorkspace workspace =
        new ModelWorkspace(CONFIG.model().build(), new TrainingState(CONFIG).kernels());
    long tokens = 0;
    for (int partition = 0; partition < 3; partition++) {
      for (int first = 0; first < 10; first += 5) {
        Replica replica = new Replica(workspace, step, CONFIG.optimization(), partition, first);
        for (int i = first; i < first + 5; i++) {
          replica.step(i);
        }
        tokens += replica.result().tokens();
      }
    }
    assertThat(seen).hasSize(10 * 14);
    assertThat(seen.values()).containsOnly(1);
    assertThat(tokens).isEqualTo(10L * 14 * 8);
  }

  @Test
  void aRunThatIsCutOffGoesOnAsTheUnbrokenOne() {
    for (OuterStep outer : List.of(AVERAGING, MOMENTUM)) {
      TrainingConfig config = CONFIG.withOuterStep(outer);
      RecordedMetrics unbroken = train(config, "unbroken" + outer);
      RecordedMetrics broken = new RecordedMetrics();
      run(SmallRun.withSteps(CONFIG, 10).withOuterStep(outer), "broken" + outer, false, broken);
      run(config, "broken" + outer, true, broken);
      assertThat(broken.losses()).isEqualTo(unbroken.losses());
      for (String name : names(config)) {
        assertThat(vector("broken" + outer, name)).isEqualTo(vector("unbroken" + outer, name));
      }
    }
  }

  @Test
  void theVelocityIsInTheCheckpointAndADamagedOneIsRefused() throws IOException {
    TrainingConfig config = CONFIG.withOuterStep(MOMENTUM);
    assertThat(names(config)).containsExactly("parameters", "moment1", "moment2", "outer_momentum");
    assertThat(names(CONFIG.withOuterStep(AVERAGING)))
        .containsExactly("parameters", "moment1", "moment2");
    RecordedMetrics unbroken = train(config, "unbroken");
    run(
        SmallRun.withSteps(CONFIG, 10).withOuterStep(MOMENTUM),
        "run",
        false,
        new RecordedMetrics());
    damageVelocity(0);
    RecordedMetrics resumed = new RecordedMetrics();
    run(config, "run", true, resumed);
    assertThat(resumed.notices())
        .anySatisfy(n -> assertThat(n).contains("outer_momentum.f32 has CRC32C"));
    assertThat(resumed.losses()).isEqualTo(unbroken.losses().subList(5, 20));
    for (int i = 0; i < checkpoints("run", resumed).list().size(); i++) {
      damageVelocity(i);
    }
    assertThatThrownBy(() -> run(config, "run", true, new RecordedMetrics()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("every checkpoint is damaged");
  }

  private void damageVelocity(int number) throws IOException {
    Manifest manifest = checkpoints("run", new RecordedMetrics()).list().get(number);
    Path file = folder.resolve("run").resolve(manifest.directory()).resolve("outer_momentum.f32");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aReplicaWhoseGradientIsNotFiniteMakesNoUpdate() {
    ModelWorkspace workspace =
        new ModelWorkspace(CONFIG.model().build(), new TrainingState(CONFIG).kernels());
    Examples all = Examples.training(CONFIG, List.of(SmallRun.training()));
    Replica replica =
        new Replica(
            workspace, new TrainingStep(all, CONFIG.batching(), 7), CONFIG.optimization(), 0, 3);
    replica.vectors().get(0).fill(Float.NaN);
    replica.step(0);
    TrainedReplica result = replica.result();
    assertThat(result.steps().get(0).finite()).isFalse();
    assertThat(result.updates()).isEqualTo(3);
    assertThat(replica.vectors().get(1).toFloats()).containsOnly(0);
  }

  @Test
  void aStepInWhichOneReplicaMadeNoUpdateIsToldAndCounted() {
    BatchSum sum = new BatchSum(10, 5);
    LocalStep good = new LocalStep(sum, 1, true, 0);
    LocalStep bad = new LocalStep(new BatchSum(Double.NaN, 5), Double.NaN, false, 0);
    RoundSync.Round round =
        RoundSync.Round.of(
            List.of(
                new TrainedReplica(0, List.of(good, good), 2, 1),
                new TrainedReplica(1, List.of(good, bad), 1, 2)));
    assertThat(round.seconds()).isEqualTo(2);
    assertThat(round.steps()).extracting(LocalStep::finite).containsExactly(true, false);
    assertThat(round.steps().get(0)).isEqualTo(new LocalStep(new BatchSum(20, 10), 1, true, 0));
    assertThat(round.steps().get(1).sum().meanLoss()).isNaN();
  }

  @Test
  void divergingStopsWithTheLastGoodCheckpointWhichTheRunGoesOnFrom() {
    TrainingConfig config = CONFIG.withOuterStep(MOMENTUM);
    run(
        SmallRun.withSteps(CONFIG, 10).withOuterStep(MOMENTUM),
        "run",
        false,
        new RecordedMetrics());
    TrainingConfig wild =
        SmallRun.with(CONFIG, new LearningRate.Constant(1e30)).withOuterStep(MOMENTUM);
    RecordedMetrics metrics = new RecordedMetrics();
    assertThatThrownBy(() -> run(wild, "run", true, metrics))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED))
        .hasMessageContaining("the 5. such step in a row");
    assertThat(metrics.steps()).filteredOn(step -> !step.finite()).hasSize(5);
    assertThat(checkpoints("run", metrics).list().get(0).step()).isEqualTo(10);
    RecordedMetrics unbroken = train(config, "unbroken");
    RecordedMetrics after = new RecordedMetrics();
    assertThat(run(config, "run", true, after).skipped()).isZero();
    assertThat(after.losses()).isEqualTo(unbroken.losses().subList(10, 20));
  }

  private static TrainingConfig with(UpdateRule rule, Batching batching) {
    return new TrainingConfig(
        CONFIG.model(),
        batching,
        new Optimization(
            rule,
            new LearningRate.Constant(rule.stateNames().isEmpty() ? 0.3 : 0.1),
            new GradientClipping(0),
            Optimization.NON_FINITE_LIMIT),
        new Schedule(10, 1, 0, 0, 0, 2),
        CONFIG.kernels(),
        CONFIG.seed());
  }

  private static List<String> names(TrainingConfig config) {
    return new ArrayList<>(new TrainingState(config).vectors().keySet());
  }

  private RecordedMetrics train(TrainingConfig config, String name) {
    RecordedMetrics metrics = new RecordedMetrics();
    run(config, name, false, metrics);
    return metrics;
  }

  private TrainingReport run(
      TrainingConfig config, String name, boolean resume, RecordedMetrics metrics) {
    return LocalTrainer.train(
        config,
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        checkpoints(name, metrics),
        resume,
        metrics);
  }

  private Checkpoints checkpoints(String name, RecordedMetrics metrics) {
    return new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), metrics::notice);
  }

  private String vector(String name, String vector) {
    Manifest newest = checkpoints(name, new RecordedMetrics()).list().get(0);
    try {
      byte[] bytes =
          Files.readAllBytes(
              folder.resolve(name).resolve(newest.directory()).resolve(vector + ".f32"));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Counts what is asked for, by step and place in the batch. */
  private record Counted(Examples examples, Map<String, Integer> seen) implements Examples {
    @Override
    public long perEpoch() {
      return examples.perEpoch();
    }

    @Override
    public Batch training(long step, int first, int size) {
      for (int place = first; place < first + size; place++) {
        seen.merge(step + "/" + place, 1, Integer::sum);
      }
      return examples.training(step, first, size);
    }

    @Override
    public long evaluated() {
      return examples.evaluated();
    }

    @Override
    public Batch evaluation(long first, int size) {
      return examples.evaluation(first, size);
    }
  }
}
