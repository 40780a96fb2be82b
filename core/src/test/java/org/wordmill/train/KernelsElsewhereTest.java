package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.RemoteKernels;
import org.wordmill.model.GradientChecks;
import org.wordmill.model.TrainableModel;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.Optimizer;
import org.wordmill.tape.GradientCheck;

/**
 * Nothing between the modules and the optimizer reaches into memory except through the kernels and
 * in bulk: all of it runs on kernels whose tensors ND4J cannot reach, and gives the same bits.
 */
final class KernelsElsewhereTest {
  private static final long SEED = 1990;

  @TestFactory
  List<DynamicTest> everyGradientCheckPasses() {
    GradientCheck check = new GradientCheck(SEED, 20, RemoteKernels.of(Precision.DOUBLE));
    return GradientChecks.cases(SEED).stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () -> {
                      GradientCheck.Report report = check.check(c);
                      assertThat(report.ok()).as(report.toString()).isTrue();
                    }))
        .toList();
  }

  @Test
  void trainingGivesTheSameBits() {
    assertThat(trained(RemoteKernels.of(Precision.FLOAT)))
        .containsExactly(trained(KernelChoice.REFERENCE.create(Precision.FLOAT)));
  }

  private static float[] trained(Kernels kernels) {
    TrainableModel model =
        new TransformerConfig(SmallRun.vocabularySize(), 8, 1, 2, 16, 0.1).build();
    ModelWorkspace workspace = new ModelWorkspace(model, kernels);
    workspace.values().initialize(SEED);
    TrainingStep step = new TrainingStep(SmallRun.training(), 8, Batching.of(4, 1), SEED);
    Optimizer optimizer =
        new Optimizer(
            new AdamW(0.9, 0.99, 1e-8, 0.1), kernels, workspace.values(), workspace.gradients());
    for (int i = 0; i < 5; i++) {
      BatchSum sum = step.run(workspace, i, 0);
      assertThat(kernels.sumOfSquares(workspace.gradients().flat())).isPositive();
      optimizer.update(1.0 / sum.tokens(), 1e-2);
    }
    return workspace.values().flat().toFloats();
  }
}
