package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.model.GptSizes;
import org.wordmill.model.TransformerConfig;
import org.wordmill.submit.config.TrainingSettings;

class InspectPresetTest {
  static Stream<GptSizes.Size> sizes() {
    return GptSizes.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everyPublishedSizeIsCountedWithoutAllocatingIt(GptSizes.Size size) {
    JsonNode json = Ran.wordmill("inspect", "--json", "--preset", size.preset()).json();
    JsonNode published = json.path("published");
    assertThat(published.path("figure").asText()).isEqualTo(size.figure());
    assertThat(published.path("agrees").asBoolean() || !published.path("note").asText().isEmpty())
        .isTrue();
    assertThat(Math.abs(published.path("difference_percent").asDouble())).isLessThan(7);
    long sum = 0;
    for (JsonNode part : json.path("parts")) {
      sum += part.path("parameters").longValue();
    }
    assertThat(json.path("parameter_count").longValue()).isEqualTo(sum);
  }

  /** Width and heads of two rows cannot both be as printed. */
  @ParameterizedTest
  @MethodSource("sizes")
  void everyPresetHasTheSizesOfItsRow(GptSizes.Size size) {
    TransformerConfig model =
        (TransformerConfig) TrainingSettings.load(size.preset(), List.of()).model();
    assertThat(model.layers()).isEqualTo(size.layers());
    assertThat(model.contextLength()).isEqualTo(size.context());
    assertThat(model.width() / model.heads()).isEqualTo(size.headWidth());
    if (size.heads() * size.headWidth() == size.width()) {
      assertThat(model.width()).isEqualTo(size.width());
    } else {
      assertThat(size.note()).as(size.preset()).contains("the preset has");
    }
  }

  @Test
  void gpt3Has175BillionParametersAndCosts3640PetaflopDays() {
    Ran ran = Ran.wordmill("inspect", "--preset", "gpt3-175b", "--tokens", "300e9");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .containsPattern("in all +174,604,259,328 +100.0%")
        .contains("published as GPT-3 175B: 175B parameters, the same within its rounding")
        .contains("3.143e+23")
        .containsPattern("petaflop/s-days +3638")
        .containsPattern("on this machine +[0-9,.]+ years at [0-9.]+ gigaflop/s");
  }

  @Test
  void theTimeIsThatOfTheMeasuredRate() {
    JsonNode training =
        Ran.wordmill("inspect", "--json", "--preset", "gpt-tiny", "--tokens", "153600")
            .json()
            .path("training");
    double rate = training.path("machine_operations_per_second").doubleValue();
    assertThat(rate).isPositive();
    assertThat(training.path("machine_seconds").doubleValue() * rate)
        .isCloseTo(training.path("operations").doubleValue(), within(1.0));
  }

  @Test
  void whereTheTableAndTheFormulaDifferTheReportSaysSo() {
    assertThat(Ran.wordmill("inspect", "--preset", "gpt2-small").out())
        .contains("117M parameters, +6.4% here", "40,478 tokens");
    assertThat(Ran.wordmill("inspect", "--preset", "gpt2-small", "--vocabulary-size", 40478).out())
        .contains("117M parameters, the same within its rounding");
  }

  @Test
  void whatCannotBeInspectedIsRefused() {
    assertThat(Ran.wordmill("inspect").errors()).singleElement().asString().contains("--preset");
    assertThat(Ran.wordmill("inspect", "gpt-tiny", "--tokens", "5").errors())
        .singleElement()
        .asString()
        .contains("--tokens without --preset");
    assertThat(Ran.wordmill("inspect", "--preset", "gpt-tiny", "--tokens", "-1").exitCode())
        .isEqualTo(2);
    assertThat(Ran.wordmill("inspect", "--preset", "gpt4").exitCode()).isEqualTo(2);
  }

  @Test
  void timesAreToldInTheLargestUnit() {
    assertThat(PresetReport.time(30)).isEqualTo("30.0 seconds");
    assertThat(PresetReport.time(7200)).isEqualTo("2.0 hours");
    assertThat(PresetReport.time(3 * 86400)).isEqualTo("3.0 days");
    assertThat(PresetReport.time(86400 * 365.25 * 1500)).isEqualTo("1,500.0 years");
  }
}
