package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.tape.Recomputation;

class StepProfileTest {

  @Test
  void thePartsAreTheModulesOnTheTapeAndAddUpToTheStep() {
    StepProfile profile = StepProfile.measure(SmallRun.config(), Duration.ofMillis(50));
    double sum = profile.parts().stream().mapToDouble(StepProfile.Part::seconds).sum();
    assertThat(sum + profile.updateSeconds() + profile.otherSeconds())
        .isCloseTo(profile.stepSeconds(), within(1e-12));
    assertThat(profile.tokens()).isEqualTo(12 * 8);
    assertThat(profile.parts())
        .extracting(StepProfile.Part::seconds)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a))
        .allMatch(seconds -> seconds > 0);
    assertThat(profile.parts())
        .extracting(StepProfile.Part::module)
        .doesNotHaveDuplicates()
        .anyMatch(module -> module.startsWith("Linear h.*."))
        .noneMatch(module -> module.contains("h.0"));
  }

  /** Recomputed calls run forward twice, and are heard twice. */
  @ParameterizedTest
  @EnumSource(Recomputation.class)
  void everyCallIsHeardAsOftenAsItRuns(Recomputation recomputation) {
    TrainingConfig config = SmallRun.config().withRecomputation(recomputation);
    StepProfile profile = StepProfile.measure(config, Duration.ofMillis(20));
    int microBatches = config.batching().sequences() / config.batching().microBatch();
    List<StepProfile.Part> inside =
        profile.parts().stream().filter(part -> part.module().contains("h.*")).toList();
    assertThat(inside).isNotEmpty();
    int times = recomputation == Recomputation.BLOCKS ? 2 : 1;
    assertThat(inside).allMatch(part -> part.calls() % (times * microBatches) == 0);
  }
}
