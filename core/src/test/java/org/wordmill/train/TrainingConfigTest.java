package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.wordmill.error.WordmillException;
import org.wordmill.model.ModelConfigs;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.LearningRate;

class TrainingConfigTest {
  private static final TrainingConfig CONFIG = SmallRun.config();

  @Test
  void theJsonNamesEveryKindAndTheModelReadsBack() {
    JsonNode json = CONFIG.toJson();
    assertThat(json.path("model").path("kind").asText()).isEqualTo("transformer");
    assertThat(json.path("optimization").path("rule").path("kind").asText()).isEqualTo("adamw");
    assertThat(json.path("optimization").path("learning_rate").path("warm_up_steps").asInt())
        .isEqualTo(3);
    assertThat(ModelConfigs.read(json.path("model"), "test")).isEqualTo(CONFIG.model());
  }

  @Test
  void scheduleAndLearningRateMayChangeOnResume() {
    TrainingConfig longer = SmallRun.withSteps(CONFIG, 100);
    TrainingConfig slower = SmallRun.with(longer, new LearningRate.Constant(1e-4));
    assertThatCode(() -> slower.requireResumable(CONFIG.toJson(), "here"))
        .doesNotThrowAnyException();
  }

  @Test
  void theThresholdOfOutliersMayChangeOnResumeAndIsNotThereWhenThereIsNone() {
    TrainingConfig guarded = SmallRun.withSpikeThreshold(CONFIG, 6);
    assertThat(CONFIG.toJson().path("optimization").has("spike_threshold")).isFalse();
    assertThat(guarded.toJson().path("optimization").path("spike_threshold").asDouble())
        .isEqualTo(6);
    assertThatCode(() -> guarded.requireResumable(CONFIG.toJson(), "here"))
        .doesNotThrowAnyException();
  }

  @Test
  void everyOtherDifferenceIsNamedWithBothValues() {
    TrainingConfig other =
        SmallRun.withSeed(SmallRun.with(CONFIG, new TransformerConfig(29, 8, 3, 2, 16, 0)), 99);
    assertThatThrownBy(() -> other.requireResumable(CONFIG.toJson(), "step-00000010.ab"))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("model.layers is 1 in the checkpoint and 3 now")
        .hasMessageContaining("seed is 7 in the checkpoint and 99 now")
        .hasMessageContaining("step-00000010.ab");
  }

  @Test
  void modelsThatCannotBeReadAreRefusedWithTheReason() {
    ObjectNode json = (ObjectNode) CONFIG.toJson().path("model");
    ObjectNode unknownKind = json.deepCopy().put("kind", "oracle");
    ObjectNode missing = json.deepCopy();
    missing.remove("layers");
    ObjectNode wrong = json.deepCopy().put("heads", 3);
    ObjectNode notANumber = json.deepCopy().put("width", "wide");
    assertThatThrownBy(() -> ModelConfigs.read(unknownKind, "w")).hasMessageContaining("oracle");
    assertThatThrownBy(() -> ModelConfigs.read(missing, "w")).hasMessageContaining("layers");
    assertThatThrownBy(() -> ModelConfigs.read(wrong, "w")).hasMessageContaining("3 heads");
    assertThatThrownBy(() -> ModelConfigs.read(notANumber, "w"))
        .hasMessageContaining("\"wide\" where a int was expected");
  }
}
