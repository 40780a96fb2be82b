package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.tape.Parameter;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;

/** Which Transformers there are, and how checkpoints say which one they are of. */
final class TransformerConfigTest {
  private static final TransformerConfig CONFIG = new TransformerConfig(9, 8, 1, 2, 12, 0);

  @Test
  void headsThatDoNotDivideTheWidthAreRefused() {
    assertThatThrownBy(() -> new TransformerConfig(9, 8, 1, 5, 12, 0))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("a width of 12 cannot be shared out over 5 heads")
        .hasMessageContaining("multiple of the heads");
  }

  @Test
  void headsOfAnOddWidthCannotBeRotated() {
    TransformerConfig odd = new TransformerConfig(9, 8, 1, 4, 12, 0);
    assertThatThrownBy(() -> odd.withPositions(PositionKind.ROTARY))
        .hasMessageContaining("heads of width 3 have no pairs to rotate");
  }

  @Test
  void everyVariantHasTheParametersThatItNeeds() {
    assertThat(CONFIG.build().layout().parameters().stream().map(Parameter::name))
        .contains("wpe.weight", "ln_f.weight");
    for (PositionKind kind : PositionKind.values()) {
      assertThat(CONFIG.withPositions(kind).build().layout().parameters())
          .extracting(Parameter::name)
          .as("" + kind)
          .matches(names -> names.contains("wpe.weight") == (kind == PositionKind.LEARNED))
          .matches(
              names ->
                  names.contains("h.0.attn.relative.weight") == (kind == PositionKind.RELATIVE));
    }
    assertThat(
            CONFIG.withNorm(NormPlacement.POST).build().layout().parameters().stream()
                .map(Parameter::name))
        .doesNotContain("ln_f.weight");
  }

  @Test
  void checkpointsRememberTheVariant() {
    TransformerConfig variant =
        CONFIG.withPositions(PositionKind.ROTARY).withNorm(NormPlacement.POST).withResidual(false);
    JsonNode json = json(variant);
    assertThat(json.path("positions").asText()).isEqualTo("rotary");
    assertThat(ModelConfigs.read(json, "here")).isEqualTo(variant);
  }

  @Test
  void checkpointsOlderThanTheVariantsAreOfGpt2() {
    assertThat(ModelConfigs.read(old(json(CONFIG)), "here")).isEqualTo(CONFIG);
  }

  @Test
  void checkpointsOlderThanTheVariantsCanBeResumedAsGpt2Only() {
    TrainingConfig config = SmallRun.config();
    ObjectNode saved = (ObjectNode) config.toJson();
    saved.set("model", old(saved.path("model")));
    assertThatCode(() -> config.requireResumable(saved, "here")).doesNotThrowAnyException();
    TransformerConfig model = (TransformerConfig) config.model();
    TrainingConfig rotary = SmallRun.with(config, model.withPositions(PositionKind.ROTARY));
    assertThatThrownBy(() -> rotary.requireResumable(saved, "here"))
        .hasMessageContaining(
            "model.positions is \"learned\" in the checkpoint and \"rotary\" now");
  }

  @Test
  void anUnknownVariantIsRefused() {
    ObjectNode json = (ObjectNode) json(CONFIG);
    json.put("positions", "absolute");
    assertThatThrownBy(() -> ModelConfigs.read(json, "here"))
        .hasMessageContaining("\"absolute\" where a PositionKind was expected");
  }

  private static JsonNode json(TransformerConfig config) {
    ObjectNode json = (ObjectNode) Json.parse(Json.write(config), "here");
    return json.put("kind", config.kind());
  }

  /** As written before there were variants. */
  private static ObjectNode old(JsonNode json) {
    ObjectNode old = json.deepCopy();
    return old.without(List.of("positions", "norm", "residual"));
  }
}
