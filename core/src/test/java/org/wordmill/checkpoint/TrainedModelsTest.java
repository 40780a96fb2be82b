package org.wordmill.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.LanguageModel;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.ModelConfigs;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;

class TrainedModelsTest {
  @TempDir Path folder;

  private final List<String> notices = new ArrayList<>();
  private final RecordedMetrics metrics = new RecordedMetrics();

  @BeforeEach
  void train() {
    LocalTrainer.train(
        SmallRun.config(),
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(store(), notices::add),
        false,
        metrics);
  }

  @Test
  void theModelOfTheLowestValidationLossIsOpened() {
    try (TrainedModel trained = open()) {
      Map.Entry<Long, Double> lowest =
          metrics.evaluations().entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
      assertThat(trained.manifest().step()).isEqualTo(lowest.getKey());
      assertThat(trained.config()).isEqualTo(SmallRun.config().model());
      assertThat(trained.tokenizer()).isEqualTo(SmallRun.tokenizer());
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void theOpenedModelPredictsWhatTrainingMeasured() {
    try (TrainedModel trained = open()) {
      LanguageModel model = trained.model();
      int[] window = trained.tokenizer().encode("the dog j");
      LanguageModel.State state = model.advance(model.start(), window[0]);
      double[] factors = new double[window.length - 1];
      int[] rest = Arrays.copyOfRange(window, 1, window.length);
      model.logProbabilities(state, rest, factors);
      float[] die = new float[trained.tokenizer().vocabulary().size()];
      model.nextLogProbabilities(state, die);
      double total = 0;
      for (float p : die) {
        total += Math.exp(p);
      }
      assertThat(total).isCloseTo(1, within(1e-5));
      assertThat(Arrays.stream(factors).boxed())
          .allSatisfy(p -> assertThat(p).isBetween(-8.0, 0.0));
    }
  }

  @Test
  void aDamagedBestIsPassedOverForTheNewest() throws IOException {
    Path best;
    try (TrainedModel trained = open()) {
      best = folder.resolve(trained.manifest().directory());
    }
    Files.write(best.resolve("parameters.f32"), new byte[] {1, 2, 3});
    try (TrainedModel trained = open()) {
      assertThat(best).isNotEqualTo(folder.resolve(trained.manifest().directory()));
    }
    assertThat(notices).singleElement().asString().contains("parameters.f32 has 3 bytes");
  }

  /** Sizes that no file is behind are refused before memory is taken for them. */
  @ParameterizedTest
  @CsvSource({
    "layers, 2000000000",
    "width, 2000000000",
    "context_length, 2000000000",
    "vocabulary_size, 2147483647"
  })
  void aManifestThatPromisesMoreThanItsFilesHoldIsRefused(String component, int size)
      throws IOException {
    for (String directory : store().directories()) {
      Path file = folder.resolve(directory).resolve(Manifest.FILE);
      ObjectNode manifest = (ObjectNode) Json.parse(Files.readString(file), "manifest");
      ObjectNode model = (ObjectNode) manifest.path("config").path("model");
      manifest.remove("manifest_crc32c");
      model.put(component, size);
      if (!component.equals("layers")) {
        // The parameters are those that such a model has, and so is the length of the vector.
        ModelConfig config = ModelConfigs.read(model, "model");
        manifest.set(
            "parameters", Json.parse(Json.write(Manifest.describe(config.build().layout())), ""));
      }
      String whole = Json.write(manifest);
      Files.writeString(file, Manifest.sealed(whole.substring(0, whole.length() - 1)));
    }
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT));
    assertThat(notices).allSatisfy(n -> assertThat(n).containsAnyOf("elements", "parameters"));
  }

  @Test
  void anEmptyPlaceIsAFaultOfStorage() {
    Path empty = folder.resolve("empty");
    assertThatThrownBy(
            () ->
                TrainedModels.open(
                    new LocalCheckpointStore(empty), KernelChoice.REFERENCE, notices::add))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining("no trained model");
  }

  private TrainedModel open() {
    return TrainedModels.open(store(), KernelChoice.REFERENCE, notices::add);
  }

  private CheckpointStore store() {
    return new LocalCheckpointStore(folder);
  }
}
