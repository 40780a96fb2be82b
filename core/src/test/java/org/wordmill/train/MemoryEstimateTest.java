package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Precision;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.LearningRate;
import org.wordmill.tape.Recomputation;

/** What is foretold of memory, against what the process takes. */
final class MemoryEstimateTest {
  private static final int VOCABULARY = SmallRun.vocabularySize();

  static Stream<Arguments> shapes() {
    // Large enough for the rest of the process to be small beside them.
    TransformerConfig deep = new TransformerConfig(VOCABULARY, 64, 4, 4, 64, 0.1);
    TransformerConfig longer = new TransformerConfig(VOCABULARY, 256, 1, 8, 64, 0);
    TransformerConfig words = new TransformerConfig(20_011, 17, 1, 2, 32, 0);
    return Stream.of(
        Arguments.of(deep, 200, Recomputation.NONE),
        Arguments.of(deep, 500, Recomputation.BLOCKS),
        Arguments.of(longer, 60, Recomputation.NONE),
        Arguments.of(words, 120, Recomputation.NONE));
  }

  /** Libraries, their threads and what these keep come with the first step, of any size. */
  @BeforeAll
  static void loadLibraries() throws InterruptedException {
    takenByAStep(
        config(new TransformerConfig(VOCABULARY, 16, 2, 2, 32, 0.1), 8, Recomputation.NONE));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void whatIsForetoldIsWhatIsUsed(
      TransformerConfig model, int microBatch, Recomputation recomputation)
      throws InterruptedException {
    TrainingConfig config = config(model, microBatch, recomputation);
    long foretold = MemoryEstimate.of(config).alone(1);
    assertThat(foretold).isGreaterThan(100L << 20);
    assertThat((double) takenByAStep(config) / foretold).isCloseTo(1, within(0.1));
  }

  private static long takenByAStep(TrainingConfig config) throws InterruptedException {
    long before = settled();
    TrainingState state = new TrainingState(config);
    try (LocalSync sync = new LocalSync(state, SmallRun.training(), SmallRun.validation())) {
      sync.validate(0);
      sync.gradient(0);
      sync.update(state.optimizer(), 1, 1e-3);
      return settled() - before;
    }
  }

  /** What is resident when the collector and ND4J have given back what they can. */
  private static long settled() throws InterruptedException {
    long known = Long.MAX_VALUE;
    int same = 0;
    // Deallocators are threads of their own and come when the machine lets them.
    for (int i = 0; i < 200 && same < 10; i++) {
      System.gc();
      Thread.sleep(60);
      long now = OffHeapMemory.used();
      same = Math.abs(now - known) < 1 << 20 ? same + 1 : 0;
      known = now;
    }
    return known;
  }

  @Test
  void vectorsAreCountedFromTheParameters() {
    MemoryEstimate memory = MemoryEstimate.of(SmallRun.config());
    long bytes = 4 * SmallRun.config().model().build().layout().parameterCount();
    assertThat(memory.parameters()).isEqualTo(bytes);
    assertThat(memory.gradients()).isEqualTo(bytes);
    assertThat(memory.moments()).isEqualTo(2 * bytes);
    assertThat(memory.state()).isEqualTo(4 * bytes);
    assertThat(memory.task()).isEqualTo(2 * bytes + memory.activations());
    assertThat(memory.alone(1)).isEqualTo(4 * bytes + memory.activations());
  }

  @Test
  void recomputationTakesLessMemoryTheMoreLayersThereAre() {
    for (int layers : new int[] {4, 12}) {
      TransformerConfig model = new TransformerConfig(29, 32, layers, 4, 64, 0.1);
      long all = MemoryEstimate.of(config(model, 4, Recomputation.NONE)).activations();
      long blocks = MemoryEstimate.of(config(model, 4, Recomputation.BLOCKS)).activations();
      assertThat(blocks).isLessThan(all / (layers / 2));
    }
  }

  @Test
  void aModelOfAnySizeIsEstimatedAndRefusedBeforeAnyMemoryIsTaken() {
    TrainingConfig config =
        config(new TransformerConfig(50_257, 1024, 48, 25, 1600, 0), 64, Recomputation.NONE);
    long before = OffHeapMemory.used();
    assertThat(MemoryEstimate.of(config).activations()).isGreaterThan(100L << 30);
    assertThat(OffHeapMemory.used() - before).isLessThan(1L << 30);
    assertThatThrownBy(
            () ->
                OffHeapMemory.require(
                    MemoryEstimate.of(config).alone(1),
                    "training",
                    KernelChoice.REFERENCE.create(Precision.FLOAT)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("training takes ")
        .hasMessageContaining("recompute = blocks")
        .extracting(e -> ((WordmillException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  private static TrainingConfig config(
      TransformerConfig model, int microBatch, Recomputation recomputation) {
    TrainingConfig config =
        SmallRun.with(
            SmallRun.with(SmallRun.config(), new LearningRate.Constant(1e-3)),
            new Batching(microBatch, microBatch, 1));
    return new TrainingConfig(
            model,
            config.batching(),
            config.optimization(),
            config.schedule(),
            KernelChoice.AUTO,
            1)
        .withRecomputation(recomputation);
  }
}
