package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;

class EvaluationStepTest {
  private static final int CONTEXT = 8;
  private final ModelWorkspace workspace =
      new ModelWorkspace(
          SmallRun.config().model().build(), KernelChoice.REFERENCE.create(Precision.FLOAT));

  @BeforeEach
  void initialize() {
    workspace.values().initialize(1);
  }

  @Test
  void everyTokenButTheFirstIsATargetOnce() {
    for (int length : new int[] {2, 8, 9, 10, 16, 17, 100}) {
      Tokens corpus =
          TokenArray.of(SmallRun.tokenizer().encode(SmallRun.TEXT.substring(0, length)));
      for (Batching batching :
          new Batching[] {new Batching(4, 1, 1), new Batching(4, 2, 2), new Batching(12, 3, 4)}) {
        assertThat(whole(corpus, batching).tokens()).isEqualTo(length - 1);
      }
    }
  }

  @Test
  void theLossDoesNotDependOnMicroBatchesAndPartitions() {
    Tokens corpus = SmallRun.validation();
    double alone = whole(corpus, new Batching(1, 1, 1)).loss();
    assertThat(whole(corpus, new Batching(12, 6, 2)).loss() / alone).isCloseTo(1, within(1e-6));
    assertThat(whole(corpus, new Batching(12, 3, 4)).loss() / alone).isCloseTo(1, within(1e-6));
  }

  @Test
  void aSampleIsSpreadOverTheCorpus() {
    Tokens corpus = TokenArray.of(SmallRun.tokenizer().encode(SmallRun.TEXT));
    Batching batching = new Batching(4, 2, 2);
    EvaluationStep sample = new EvaluationStep(corpus, CONTEXT, batching, 10);
    BatchSum sum = sample.run(workspace, 0).plus(sample.run(workspace, 1));
    assertThat(sum.tokens()).isEqualTo(10 * 2 * CONTEXT);
    assertThat(sum.meanLoss()).isCloseTo(whole(corpus, batching).meanLoss(), within(0.2));
  }

  @Test
  void aTextWithNothingToPredictIsRefused() {
    Schedule evaluates = SmallRun.config().schedule();
    assertThatThrownBy(() -> EvaluationStep.requireTokens(1, evaluates))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT));
    EvaluationStep.requireTokens(2, evaluates);
  }

  private BatchSum whole(Tokens corpus, Batching batching) {
    EvaluationStep step = new EvaluationStep(corpus, CONTEXT, batching, 0);
    BatchSum sum = BatchSum.ZERO;
    for (int p = 0; p < batching.partitions(); p++) {
      sum = sum.plus(step.run(workspace, p));
    }
    return sum;
  }
}
