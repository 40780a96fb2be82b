package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.Manifest;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.LearningRate;
import org.wordmill.text.Characters;

class LocalTrainerTest {
  private static final TrainingConfig CONFIG = SmallRun.config();

  @TempDir Path folder;

  @Test
  void trainingLearnsARepeatedText() {
    RecordedMetrics metrics = new RecordedMetrics();
    TrainingReport report = train(CONFIG, "a", false, metrics);
    assertThat(metrics.losses()).hasSize(20);
    assertThat(metrics.losses().get(0)).isCloseTo(Math.log(SmallRun.vocabularySize()), within(0.1));
    assertThat(report.loss()).isLessThan(metrics.losses().get(0) - 0.3);
    assertThat(report.steps()).isEqualTo(20);
    assertThat(report.tokens()).isEqualTo(20L * 12 * 8);
    assertThat(metrics.evaluations()).containsEntry(20L, report.validationLoss().orElseThrow());
  }

  @Test
  void oneBatchIsLearntByHeartAndTheWholeTextIsNot() {
    TrainingConfig config =
        SmallRun.with(SmallRun.withSteps(CONFIG, 100), new LearningRate.Constant(2e-2));
    TrainingReport whole = train(config, "whole", false, new RecordedMetrics());
    RecordedMetrics metrics = new RecordedMetrics();
    TrainingReport one = train(config.withOneBatch(), "one", false, metrics);
    assertThat(metrics.losses().get(0)).isGreaterThan(3);
    assertThat(one.loss()).isLessThan(whole.loss() / 3);
  }

  @Test
  void twoRunsWithOneSeedAreTheSameBitForBitAndAnotherSeedIsAnotherRun() {
    RecordedMetrics first = new RecordedMetrics();
    RecordedMetrics second = new RecordedMetrics();
    RecordedMetrics other = new RecordedMetrics();
    train(CONFIG, "a", false, first);
    train(CONFIG, "b", false, second);
    train(SmallRun.withSeed(CONFIG, 8), "c", false, other);
    assertThat(second.losses()).isEqualTo(first.losses());
    assertThat(second.evaluations()).isEqualTo(first.evaluations());
    assertThat(parameters("b")).isEqualTo(parameters("a"));
    assertThat(other.losses()).isNotEqualTo(first.losses());
  }

  @Test
  void theNumberOfPartitionsAndMicroBatchesChangesRoundingOnly() {
    RecordedMetrics one = new RecordedMetrics();
    train(SmallRun.with(CONFIG, new Batching(12, 12, 1)), "one", false, one);
    for (Batching batching :
        List.of(new Batching(12, 3, 1), new Batching(12, 6, 2), new Batching(12, 1, 4))) {
      RecordedMetrics several = new RecordedMetrics();
      train(SmallRun.with(CONFIG, batching), batching.toString(), false, several);
      for (int i = 0; i < one.losses().size(); i++) {
        assertThat(several.losses().get(i) / one.losses().get(i)).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void dropoutIsTheSameForAnyNumberOfPartitionsOfTheSameMicroBatches() {
    TrainingConfig dropout = SmallRun.withDropout(CONFIG, 0.2);
    RecordedMetrics without = new RecordedMetrics();
    RecordedMetrics one = new RecordedMetrics();
    RecordedMetrics four = new RecordedMetrics();
    train(CONFIG, "without", false, without);
    train(SmallRun.with(dropout, new Batching(12, 3, 1)), "one", false, one);
    train(SmallRun.with(dropout, new Batching(12, 3, 4)), "four", false, four);
    assertThat(one.losses()).isNotEqualTo(without.losses());
    for (int i = 0; i < one.losses().size(); i++) {
      assertThat(four.losses().get(i) / one.losses().get(i)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void aResumedRunGoesOnExactlyAsTheUnbrokenOne() {
    RecordedMetrics unbroken = new RecordedMetrics();
    train(CONFIG, "unbroken", false, unbroken);
    for (int stop : List.of(1, 5, 13)) {
      RecordedMetrics metrics = new RecordedMetrics();
      String name = "stopped" + stop;
      train(SmallRun.withSteps(CONFIG, stop), name, false, metrics);
      train(CONFIG, name, true, metrics);
      assertThat(metrics.losses()).isEqualTo(unbroken.losses());
      assertThat(parameters(name)).isEqualTo(parameters("unbroken"));
    }
  }

  @Test
  void aDamagedNewestCheckpointIsPassedOverAndTheStepsAfterItAreMadeAgain() throws IOException {
    RecordedMetrics unbroken = new RecordedMetrics();
    train(CONFIG, "unbroken", false, unbroken);
    train(SmallRun.withSteps(CONFIG, 10), "damaged", false, new RecordedMetrics());
    damage(newest("damaged").resolve("parameters.f32"));

    RecordedMetrics resumed = new RecordedMetrics();
    train(CONFIG, "damaged", true, resumed);
    assertThat(resumed.notices())
        .anySatisfy(n -> assertThat(n).contains("damaged", "step-00000010"));
    assertThat(resumed.losses()).isEqualTo(unbroken.losses().subList(5, 20));
    assertThat(parameters("damaged")).isEqualTo(parameters("unbroken"));
  }

  @Test
  void aRunThatDivergesStopsAndLeavesTheLastGoodCheckpoint() {
    train(SmallRun.withSteps(CONFIG, 10), "run", false, new RecordedMetrics());
    RecordedMetrics metrics = new RecordedMetrics();
    TrainingConfig wild = SmallRun.with(CONFIG, new LearningRate.Constant(1e30));
    assertThatThrownBy(() -> train(wild, "run", true, metrics))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED))
        .hasMessageContaining("diverged")
        .hasMessageContaining("5. such step in a row");
    assertThat(metrics.notices()).filteredOn(n -> n.contains("skipped")).hasSize(4);

    RecordedMetrics after = new RecordedMetrics();
    TrainingReport report = train(CONFIG, "run", true, after);
    assertThat(report.steps()).isEqualTo(20);
    RecordedMetrics unbroken = new RecordedMetrics();
    train(CONFIG, "unbroken", false, unbroken);
    assertThat(after.losses()).isEqualTo(unbroken.losses().subList(10, 20));
  }

  @Test
  void noCheckpointIsMadeOfParametersThatTheNextStepFindsBroken() {
    Schedule everyStep = new Schedule(20, 1, 0, 0, 1, 2);
    TrainingConfig config = SmallRun.with(CONFIG, everyStep);
    train(SmallRun.withSteps(config, 10), "run", false, new RecordedMetrics());
    TrainingConfig wild = SmallRun.with(config, new LearningRate.Constant(1e30));
    RecordedMetrics metrics = new RecordedMetrics();
    assertThatThrownBy(() -> train(wild, "run", true, metrics)).hasMessageContaining("diverged");
    assertThat(metrics.notices())
        .anySatisfy(n -> assertThat(n).contains("no checkpoint at step 11"));
    assertThat(checkpoints("run", metrics).list())
        .extracting(Manifest::step)
        .containsExactly(10L, 9L);
    assertThat(train(config, "run", true, new RecordedMetrics()).steps()).isEqualTo(20);
  }

  @Test
  void resumingWithAnotherModelNamesFieldAndBothValues() {
    train(SmallRun.withSteps(CONFIG, 5), "run", false, new RecordedMetrics());
    TrainingConfig other = SmallRun.with(CONFIG, new Batching(12, 12, 1));
    assertThatThrownBy(() -> train(other, "run", true, new RecordedMetrics()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("batching.micro_batch is 6 in the checkpoint and 12 now")
        .hasMessageContaining("batching.partitions is 2 in the checkpoint and 1 now");
  }

  @Test
  void resumingWithAnotherTokenizerIsRefused() {
    train(SmallRun.withSteps(CONFIG, 5), "run", false, new RecordedMetrics());
    Characters other = Characters.fromText(SmallRun.TEXT.replace('q', 'Q'));
    assertThatThrownBy(
            () ->
                LocalTrainer.train(
                    CONFIG,
                    other,
                    SmallRun.training(),
                    SmallRun.validation(),
                    checkpoints("run", new RecordedMetrics()),
                    true,
                    new RecordedMetrics()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("tokenizer");
  }

  @Test
  void resumingWithAnotherTextOfTheSameCharactersIsRefused() {
    train(SmallRun.withSteps(CONFIG, 5), "run", false, new RecordedMetrics());
    int[] ids = SmallRun.tokenizer().encode(SmallRun.TEXT);
    int swapped = ids[100];
    ids[100] = ids[101];
    ids[101] = swapped;
    assertThatThrownBy(
            () ->
                LocalTrainer.train(
                    CONFIG,
                    SmallRun.tokenizer(),
                    TokenArray.of(ids),
                    SmallRun.validation(),
                    checkpoints("run", new RecordedMetrics()),
                    true,
                    new RecordedMetrics()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("another training text");
  }

  @Test
  void onlyTheLastCheckpointsAndTheBestStay() throws IOException {
    RecordedMetrics metrics = new RecordedMetrics();
    train(CONFIG, "run", false, metrics);
    List<Manifest> kept = checkpoints("run", metrics).list();
    assertThat(kept).hasSizeBetween(2, 3);
    assertThat(kept.get(0).step()).isEqualTo(20);
    assertThat(checkpoints("run", metrics).best().orElseThrow().validationLoss().orElseThrow())
        .isEqualTo(metrics.evaluations().values().stream().mapToDouble(x -> x).min().orElseThrow());
  }

  @Test
  void aCheckpointSaysWhichKernelsTrainedItAndOthersAreWarnedOf() {
    train(CONFIG, "run", false, new RecordedMetrics());
    Manifest newest = checkpoints("run", new RecordedMetrics()).list().get(0);
    assertThat(newest.kernels()).contains("reference");
    assertThat(new TrainingState(CONFIG).kernelsChanged(newest)).isEmpty();
    TrainingConfig fused =
        new TrainingConfig(
            CONFIG.model(),
            CONFIG.batching(),
            CONFIG.optimization(),
            CONFIG.schedule(),
            KernelChoice.FUSED,
            CONFIG.seed());
    assertThat(new TrainingState(fused).kernelsChanged(newest).orElseThrow())
        .contains("by the reference kernels", "means the fused ones");
  }

  @Test
  void vectorsAreTakenBackToThoseOfACheckpointOrOfTheBeginning() throws IOException {
    train(CONFIG, "run", false, new RecordedMetrics());
    Checkpoints checkpoints = checkpoints("run", new RecordedMetrics());
    TrainingState state = new TrainingState(CONFIG);
    float[] first = state.values().flat().toFloats();
    state.vectors().values().forEach(vector -> vector.fill(3));
    state.takeBack(20, checkpoints);
    for (Map.Entry<String, Tensor> vector : state.vectors().entrySet()) {
      Path file = newest("run").resolve(vector.getKey() + ".f32");
      assertThat(vector.getValue().raw()).isEqualTo(ByteBuffer.wrap(Files.readAllBytes(file)));
    }
    state.takeBack(0, checkpoints);
    assertThat(state.values().flat().toFloats()).isEqualTo(first);
    assertThat(state.kernels().sumOfSquares(state.optimizer().state().values().iterator().next()))
        .isZero();
    assertThatThrownBy(() -> state.takeBack(3, checkpoints))
        .hasMessageContaining("the checkpoint of step 3 is not there any more");
  }

  private TrainingReport train(
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

  private Path newest(String name) {
    Manifest newest = checkpoints(name, new RecordedMetrics()).list().get(0);
    return folder.resolve(name).resolve(newest.directory());
  }

  private List<Byte> parameters(String name) {
    try {
      byte[] bytes = Files.readAllBytes(newest(name).resolve("parameters.f32"));
      return Stream.iterate(0, i -> i + 1).limit(bytes.length).map(i -> bytes[i]).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
  }
}
