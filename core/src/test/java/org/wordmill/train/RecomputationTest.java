package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.model.TransformerConfig;
import org.wordmill.model.TransformerLm;
import org.wordmill.module.Add;
import org.wordmill.module.Dropout;
import org.wordmill.module.Tanh;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Recomputation;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Computing the inside of blocks again changes memory and time and no bit. */
final class RecomputationTest {
  @TempDir Path folder;

  @Test
  void gradientsAreTheSameBitForBitWithDropoutAndLessMemory() {
    TransformerLm model = new TransformerLm(new TransformerConfig(29, 24, 5, 2, 32, 0.2));
    Ids ids = new Ids(new SplittableRandom(5).ints(4 * 24, 0, 29).toArray(), 4, 24);
    List<float[]> gradients = new ArrayList<>();
    List<Long> bytes = new ArrayList<>();
    for (Recomputation recomputation : Recomputation.values()) {
      Kernels kernels = KernelChoice.FUSED.create(Precision.FLOAT);
      ModelWorkspace workspace = new ModelWorkspace(model, kernels, recomputation);
      workspace.values().initialize(3);
      double loss = 0;
      for (int seed = 0; seed < 3; seed++) {
        loss += workspace.train(ids, ids, seed);
      }
      gradients.add(workspace.gradients().flat().toFloats());
      gradients.add(new float[] {(float) loss});
      bytes.add(workspace.stepBytes());
    }
    assertThat(gradients.get(2)).containsExactly(gradients.get(0));
    assertThat(gradients.get(3)).containsExactly(gradients.get(1));
    assertThat(bytes.get(1)).isLessThan(bytes.get(0) / 2);
  }

  @Test
  void blocksMayContainBlocksAndHandTheirInputThrough() {
    Add add = new Add();
    Tanh tanh = new Tanh();
    Dropout dropout = new Dropout(0.5);
    List<double[]> gradients = new ArrayList<>();
    for (Recomputation recomputation : Recomputation.values()) {
      Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
      ParameterLayout layout = new ParameterLayout(tanh);
      Tape tape =
          new Tape(
              kernels,
              new ParameterVector(layout, kernels),
              new ParameterVector(layout, kernels),
              recomputation);
      tape.reset(11);
      Variable x = tape.input(Tensor.of(new double[] {0.5, -1, 2, 0.25}, 4));
      UnaryOperator<Variable> inner = y -> dropout.forward(tape, tape.apply(tanh, y));
      Variable y = tape.block(z -> tape.apply(add, tape.block(inner, z), tape.block(u -> u, z)), x);
      Variable all = tape.apply(add, tape.block(u -> u, y), dropout.forward(tape, x));
      tape.backward(all, Tensor.of(new double[] {1, 2, 3, 4}, 4));
      gradients.add(x.gradient().toDoubles());
      gradients.add(all.value().toDoubles());
    }
    assertThat(gradients.get(2)).containsExactly(gradients.get(0));
    assertThat(gradients.get(3)).containsExactly(gradients.get(1));
  }

  @Test
  void aRunMayBeResumedEitherWay() {
    TrainingConfig plain = SmallRun.withDropout(SmallRun.config(), 0.1);
    TrainingConfig again = plain.withRecomputation(Recomputation.BLOCKS);
    assertThatCode(() -> again.requireResumable(plain.toJson(), "here")).doesNotThrowAnyException();
    RecordedMetrics unbroken = train(plain, "unbroken", false, new RecordedMetrics());
    RecordedMetrics changed =
        train(SmallRun.withSteps(again, 9), "a", false, new RecordedMetrics());
    train(plain, "a", true, changed);
    assertThat(changed.losses()).isEqualTo(unbroken.losses());
  }

  private RecordedMetrics train(
      TrainingConfig config, String name, boolean resume, RecordedMetrics metrics) {
    LocalTrainer.train(
        config,
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), metrics::notice),
        resume,
        metrics);
    return metrics;
  }
}
