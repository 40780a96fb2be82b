package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class OuterStepTest {
  private static final TrainingConfig CONFIG = SmallRun.config();

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new OuterStep(-1, 1, 0)).hasMessageContaining("local steps");
    assertThatThrownBy(() -> new OuterStep(4, 0, 0)).hasMessageContaining("learning rate");
    assertThatThrownBy(() -> new OuterStep(4, 1, 1)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> new OuterStep(0, 0.7, 0.9)).hasMessageContaining("local_steps");
  }

  @Test
  void whatNeedsTheOneModelHappensBetweenRounds() {
    assertThatThrownBy(() -> CONFIG.withOuterStep(new OuterStep(4, 1, 0)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("outer.local_steps = 4")
        .hasMessageContaining("schedule.evaluation_interval = 5, schedule.checkpoint_interval = 5")
        .hasMessageContaining("schedule.evaluation_interval=8, schedule.checkpoint_interval=8");
    assertThatThrownBy(() -> CONFIG.withOuterStep(new OuterStep(8, 1, 0)))
        .hasMessageContaining("schedule.steps = 20")
        .hasMessageContaining("schedule.steps=24");
    TrainingConfig never = SmallRun.with(CONFIG, new Schedule(20, 3, 0, 0, 0, 2));
    assertThatCode(() -> never.withOuterStep(new OuterStep(4, 0.7, 0.9)))
        .doesNotThrowAnyException();
  }

  @Test
  void outliersCannotBeToldInLocalSteps() {
    TrainingConfig guarded = SmallRun.withSpikeThreshold(CONFIG, 6);
    assertThatThrownBy(() -> guarded.withOuterStep(new OuterStep(5, 1, 0)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("optimization.spike_threshold");
  }

  @Test
  void aRunIsNotResumedWithAnotherOuterStepAndOlderCheckpointsHaveNone() {
    TrainingConfig local = CONFIG.withOuterStep(new OuterStep(5, 0.7, 0.9));
    assertThat(CONFIG.toJson().has("outer")).isFalse();
    assertThatThrownBy(() -> local.requireResumable(CONFIG.toJson(), "here"))
        .hasMessageContaining("outer.local_steps is not there in the checkpoint and 5 now");
    TrainingConfig other = CONFIG.withOuterStep(new OuterStep(5, 0.7, 0.8));
    assertThatThrownBy(() -> other.requireResumable(local.toJson(), "here"))
        .hasMessageContaining("outer.momentum is 0.9 in the checkpoint and 0.8 now");
  }

  @Test
  void theVelocityAndTheMomentsOfReplicasAreForetold() {
    long bytes = 4 * CONFIG.model().build().layout().parameterCount();
    MemoryEstimate memory = MemoryEstimate.of(CONFIG.withOuterStep(new OuterStep(5, 0.7, 0.9)));
    assertThat(memory.state()).isEqualTo(5 * bytes);
    assertThat(memory.task()).isEqualTo(4 * bytes + memory.activations());
    assertThat(MemoryEstimate.of(CONFIG.withOuterStep(new OuterStep(5, 1, 0))).state())
        .isEqualTo(4 * bytes);
  }

  @Test
  void theOuterStepIsNesterovsMomentumOnTheMeanWeightedWithTargets() {
    TrainingConfig config = CONFIG.withOuterStep(new OuterStep(5, 0.5, 0.9));
    TrainingState state = new TrainingState(config);
    float[] before = state.values().flat().toFloats();
    RoundMean mean = new RoundMean(state);
    double[] expected = new double[before.length];
    double[] velocity = new double[before.length];
    for (int i = 0; i < before.length; i++) {
      expected[i] = before[i];
    }
    for (int round = 1; round <= 3; round++) {
      // One of a quarter of the targets, one of three quarters.
      float[] now = state.values().flat().toFloats();
      List<List<float[]>> moved = List.of(moved(state, now, 1, 0.1f), moved(state, now, 3, 0.3f));
      mean.apply(
          List.of(trained(0, 10), trained(1, 30)),
          (replica, vector, from, into) ->
              System.arraycopy(moved.get(replica).get(vector), from, into, 0, into.length));
      for (int i = 0; i < expected.length; i++) {
        double difference = -(0.25 * 0.1 + 0.75 * 0.3);
        velocity[i] = 0.9 * velocity[i] + difference;
        expected[i] -= 0.5 * (difference + 0.9 * velocity[i]);
      }
    }
    double[] actual = state.values().flat().toDoubles();
    for (int i = 0; i < expected.length; i += 97) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-5));
    }
    assertThat(state.optimizer().updates()).isEqualTo(7);
    float[] moment = state.optimizer().state().values().iterator().next().toFloats();
    assertThat(moment[moment.length - 1]).isEqualTo(2.5f);
  }

  private static List<float[]> moved(TrainingState state, float[] from, float moment, float by) {
    float[] values = from.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += by;
    }
    float[] moments = new float[values.length];
    Arrays.fill(moments, moment);
    assertThat(state.replicated()).hasSize(3);
    return List.of(values, moments, moments);
  }

  private static TrainedReplica trained(int replica, long tokens) {
    return new TrainedReplica(
        replica, List.of(new LocalStep(new BatchSum(1, tokens), 1, true, 0)), 6 + replica, 1);
  }
}
