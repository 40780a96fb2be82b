package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;
import org.wordmill.optim.Sgd;

/** Stochastic gradient descent, one example a step or several, over epochs that a seed shuffles. */
class EpochsTest {
  /** 43 characters and a line end, 8 tokens a window: 5 times 44 characters are 26 windows. */
  private static final String TEXT = SmallRun.TEXT.substring(0, 5 * 44);

  private static final int WINDOWS = (5 * 44 - 8) / 8;

  @TempDir private Path folder;

  @Test
  void everyEpochHasEveryWindowOnceInAnOrderOfItsOwn() {
    BatchPlan plan = new BatchPlan(5 * 44, 8, 1, 7);
    List<List<Long>> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Long> starts = new ArrayList<>();
      for (int i = 0; i < WINDOWS; i++) {
        starts.add(plan.start((long) epoch * WINDOWS + i, 0));
      }
      Set<Long> places = new HashSet<>();
      starts.forEach(start -> places.add(start / 8));
      assertThat(places).hasSize(WINDOWS);
      epochs.add(starts);
    }
    assertThat(new HashSet<>(epochs)).hasSize(3);
    BatchPlan same = new BatchPlan(5 * 44, 8, 1, 7);
    BatchPlan other = new BatchPlan(5 * 44, 8, 1, 8);
    List<Long> again = new ArrayList<>();
    List<Long> another = new ArrayList<>();
    for (int i = 0; i < WINDOWS; i++) {
      again.add(same.start(i, 0));
      another.add(other.start(i, 0));
    }
    assertThat(again).isEqualTo(epochs.get(0));
    assertThat(another).isNotEqualTo(epochs.get(0));
  }

  @Test
  void theMeanLossOfAnEpochIsThatOfItsStepsAndFalls() {
    for (int sequences : new int[] {1, WINDOWS / 2}) {
      long steps = 4L * WINDOWS / sequences;
      List<EpochMetrics> epochs = new ArrayList<>();
      RecordedMetrics metrics = new RecordedMetrics();
      train(sequences, steps, "of" + sequences, false, metrics, epochs);
      assertThat(epochs).extracting(EpochMetrics::epoch).containsExactly(1L, 2L, 3L, 4L);
      int perEpoch = WINDOWS / sequences;
      for (int epoch = 0; epoch < 4; epoch++) {
        EpochMetrics of = epochs.get(epoch);
        assertThat(of.whole()).isTrue();
        assertThat(of.step()).isEqualTo((epoch + 1L) * perEpoch);
        assertThat(of.tokens()).isEqualTo(WINDOWS * 8L);
        double mean =
            metrics.losses().subList(epoch * perEpoch, (epoch + 1) * perEpoch).stream()
                .mapToDouble(loss -> loss)
                .average()
                .orElseThrow();
        assertThat(of.meanLoss()).isCloseTo(mean, within(1e-9));
      }
      assertThat(epochs.get(3).meanLoss()).isLessThan(epochs.get(0).meanLoss());
    }
  }

  @Test
  void anEpochThatARunWasResumedInIsToldAsInTheUnbrokenRun() {
    List<EpochMetrics> unbroken = new ArrayList<>();
    train(1, 3L * WINDOWS, "unbroken", false, new RecordedMetrics(), unbroken);
    List<EpochMetrics> before = new ArrayList<>();
    List<EpochMetrics> after = new ArrayList<>();
    train(1, WINDOWS + 3, "run", false, new RecordedMetrics(), before);
    train(1, 3L * WINDOWS, "run", true, new RecordedMetrics(), after);
    assertThat(unbroken).hasSize(3).allMatch(EpochMetrics::whole);
    assertThat(before).isEqualTo(unbroken.subList(0, 1));
    assertThat(after).isEqualTo(unbroken.subList(1, 3));
  }

  @Test
  void anEpochWhoseBeginningACheckpointDoesNotTellIsNotWhole() {
    EpochMean mean = new EpochMean();
    mean.restore(Map.of());
    BatchSum step = new BatchSum(16, 8);
    assertThat(mean.add(9, step, 1, 10)).isEmpty();
    assertThat(mean.history()).isEmpty();
    EpochMetrics partial = mean.add(10, step, 1, 10).orElseThrow();
    assertThat(partial.whole()).isFalse();
    assertThat(partial.tokens()).isEqualTo(16);
    mean.restore(Map.of());
    for (int i = 11; i < 20; i++) {
      assertThat(mean.add(i, step, 1, 10)).isEmpty();
    }
    EpochMetrics whole = mean.add(20, step, 1, 10).orElseThrow();
    assertThat(whole).isEqualTo(new EpochMetrics(2, 20, 2, 80, true));
  }

  private void train(
      int sequences,
      long steps,
      String name,
      boolean resume,
      RecordedMetrics metrics,
      List<EpochMetrics> epochs) {
    TrainingConfig small = SmallRun.config();
    TrainingConfig sgd =
        new TrainingConfig(
            small.model(),
            Batching.of(sequences, 1),
            new Optimization(
                new Sgd(0, false, 0),
                new LearningRate.Constant(0.3),
                new GradientClipping(1),
                Optimization.NON_FINITE_LIMIT),
            new Schedule(steps, 1, 0, 0, 0, 2),
            small.kernels(),
            small.seed());
    LocalTrainer.train(
        sgd,
        SmallRun.tokenizer(),
        TokenArray.of(SmallRun.tokenizer().encode(TEXT)),
        SmallRun.validation(),
        new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), metrics::notice),
        resume,
        TrainingListener.all(
            List.of(
                metrics,
                new TrainingListener() {
                  @Override
                  public void epoch(EpochMetrics of) {
                    epochs.add(of);
                  }
                })));
  }
}
