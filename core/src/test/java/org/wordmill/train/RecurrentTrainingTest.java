package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.checkpoint.TrainedModels;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.GruConfig;
import org.wordmill.model.LstmConfig;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.RnnConfig;
import org.wordmill.optim.LearningRate;

/** The recurrent language models in the same trainer as the Transformer. */
final class RecurrentTrainingTest {
  @TempDir private Path folder;

  static List<ModelConfig> models() {
    int v = SmallRun.vocabularySize();
    return List.of(
        new RnnConfig(v, 8, 12, 1, 24, 0, false, 4),
        new LstmConfig(v, 8, 16, 2, 16, 0.1, true, 0),
        new GruConfig(v, 8, 12, 1, 24, 0, false, 0));
  }

  @ParameterizedTest
  @MethodSource("models")
  void trainingLearnsARepeatedText(ModelConfig model) {
    RecordedMetrics metrics = new RecordedMetrics();
    TrainingConfig config = SmallRun.with(config(model), new LearningRate.Constant(3e-2));
    TrainingReport report = train(config, "a", false, metrics);
    double uniform = Math.log(SmallRun.vocabularySize());
    assertThat(metrics.losses().get(0)).isCloseTo(uniform, within(0.15));
    assertThat(report.loss()).isLessThan(metrics.losses().get(0) - 0.2);
  }

  @ParameterizedTest
  @MethodSource("models")
  void aResumedRunGoesOnExactlyAsTheUnbrokenOne(ModelConfig model) {
    TrainingConfig config = config(model);
    RecordedMetrics unbroken = new RecordedMetrics();
    train(config, "unbroken", false, unbroken);
    RecordedMetrics resumed = new RecordedMetrics();
    train(SmallRun.withSteps(config, 8), "stopped", false, resumed);
    train(config, "stopped", true, resumed);
    assertThat(resumed.losses()).isEqualTo(unbroken.losses());
    assertThat(resumed.evaluations()).containsAllEntriesOf(unbroken.evaluations());
  }

  @ParameterizedTest
  @MethodSource("models")
  void theNumberOfPartitionsChangesRoundingOnly(ModelConfig model) {
    TrainingConfig config = config(model);
    RecordedMetrics one = new RecordedMetrics();
    RecordedMetrics four = new RecordedMetrics();
    train(SmallRun.with(config, new Batching(12, 3, 1)), "one", false, one);
    train(SmallRun.with(config, new Batching(12, 3, 4)), "four", false, four);
    for (int i = 0; i < one.losses().size(); i++) {
      assertThat(four.losses().get(i) / one.losses().get(i)).isCloseTo(1, within(1e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theSavedModelOpensAsALanguageModelOfItsKind(ModelConfig model) {
    TrainingConfig config = SmallRun.withSteps(config(model), 5);
    train(config, "run", false, new RecordedMetrics());
    try (TrainedModel opened =
        TrainedModels.open(
            new LocalCheckpointStore(folder.resolve("run")), KernelChoice.AUTO, notice -> {})) {
      assertThat(opened.config()).isEqualTo(model);
      int[] text = opened.tokenizer().encode(SmallRun.TEXT.substring(0, 50));
      double[] factors = new double[text.length];
      opened.model().logProbabilities(opened.model().start(), text, factors);
      for (double factor : factors) {
        assertThat(factor).isNegative().isFinite();
      }
    }
  }

  private static TrainingConfig config(ModelConfig model) {
    TrainingConfig c = SmallRun.config();
    return new TrainingConfig(
        model, c.batching(), c.optimization(), c.schedule(), KernelChoice.AUTO, c.seed());
  }

  private TrainingReport train(
      TrainingConfig config, String name, boolean resume, RecordedMetrics metrics) {
    return LocalTrainer.train(
        config,
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), metrics::notice),
        resume,
        metrics);
  }
}
