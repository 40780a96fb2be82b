package org.wordmill.submit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.model.TransformerConfig;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.LearningRate;

class PresetsTest {
  static List<String> names() {
    return Presets.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPresetIsWholeAndValid(String name) {
    TrainingSettings settings = TrainingSettings.load(name, List.of());
    assertThat(settings.training().withVocabularySize(65).model().build().layout().parameterCount())
        .isPositive();
  }

  @Test
  void everyFileInConfIsListed() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../conf"))) {
      List<String> found =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".conf"))
              .map(name -> name.replace(".conf", ""))
              .toList();
      assertThat(Presets.names()).containsExactlyInAnyOrderElementsOf(found);
    }
  }

  /** The sizes of nanoGPT's CPU preset, as its README gives them. */
  @Test
  void shakespeareCharIsNanoGptsPresetForProcessors() {
    TrainingSettings settings = TrainingSettings.load("shakespeare-char", List.of());
    assertThat(settings.model()).isEqualTo(new TransformerConfig(0, 64, 4, 4, 128, 0.0));
    assertThat(settings.batching().sequences()).isEqualTo(12);
    assertThat(settings.schedule().steps()).isEqualTo(2000);
    assertThat(settings.optimization().rule()).isEqualTo(new AdamW(0.9, 0.99, 1e-8, 0.1));
    assertThat(settings.optimization().learningRate())
        .isEqualTo(new LearningRate.Cosine(1e-3, 1e-4, 100, 2000));
    assertThat(settings.optimization().clipping().maximumNorm()).isEqualTo(1.0);
  }

  @Test
  void settingsOfTheCommandLineReachTheRecords() {
    TrainingSettings settings =
        TrainingSettings.load(
            "gpt-tiny",
            List.of("model.width=16", "optimization.learning_rate={kind=constant, rate=0.5}"));
    assertThat(settings.model()).isEqualTo(new TransformerConfig(0, 32, 2, 2, 16, 0.0));
  }

  @Test
  void noPresetSkipsOutliersAndEachCan() {
    for (String name : Presets.names()) {
      assertThat(TrainingSettings.load(name, List.of()).optimization().spikeThreshold()).isZero();
    }
    assertThat(
            TrainingSettings.load("gpt-tiny", List.of("optimization.spike_threshold=6"))
                .optimization()
                .spikeThreshold())
        .isEqualTo(6);
    assertThatThrownBy(
            () -> TrainingSettings.load("gpt-tiny", List.of("optimization.spike_threshold=-1")))
        .hasMessageContaining("bad settings in 'optimization'")
        .hasMessageContaining("or 0 for none, got -1");
  }

  @Test
  void theVariantOfTheTransformerIsOneSwitch() {
    TrainingSettings settings =
        TrainingSettings.load("gpt-tiny", List.of("model.positions=rotary", "model.norm=post"));
    assertThat(settings.model())
        .isEqualTo(
            new TransformerConfig(0, 32, 2, 2, 32, 0.0)
                .withPositions(PositionKind.ROTARY)
                .withNorm(NormPlacement.POST));
    assertThatThrownBy(() -> TrainingSettings.load("gpt-tiny", List.of("model.positions=rotari")))
        .hasMessageContaining("rotary");
  }

  @Test
  void anotherKindReplacesTheSettingsOfTheFormerOne() {
    assertThat(
            TrainingSettings.load(
                    "gpt-tiny",
                    List.of(
                        "optimization.learning_rate=null",
                        "optimization.learning_rate={kind=constant, rate=0.5}"))
                .optimization()
                .learningRate())
        .isEqualTo(new LearningRate.Constant(0.5));
  }

  @Test
  void aWidthThatTheHeadsCannotShareIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> TrainingSettings.load("gpt-tiny", List.of("model.width=33")))
        .hasMessageContaining("multiple of the heads")
        .hasMessageContaining("'model'");
  }
}
