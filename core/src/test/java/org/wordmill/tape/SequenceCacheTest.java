package org.wordmill.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.Tanh;

final class SequenceCacheTest {
  private final Kernels kernels = KernelChoice.REFERENCE.create(Precision.FLOAT);
  private final LeafModule module = new Tanh();
  private final SequenceCache cache = new SequenceCache(kernels, 3);

  @Test
  void aModuleFindsItsRowsAgain() {
    Tensor rows = cache.of(module, 2);
    assertThat(rows.shape()).containsExactly(3, 2);
    assertThat(cache.of(module, 2)).isSameAs(rows);
    assertThat(cache.of(new Tanh(), 2)).isNotSameAs(rows);
    assertThatThrownBy(() -> cache.of(module, 4)).hasMessageContaining("rows of 2 numbers");
  }

  @Test
  void aCopyHasTheFirstRowsAndLeavesTheOriginalAlone() {
    cache.of(module, 2).copyFrom(new float[] {1, 2, 3, 4, 5, 6});
    cache.extend(3);
    SequenceCache copy = new SequenceCache(kernels, 3);
    copy.copyFrom(cache, 2);
    assertThat(copy.length()).isEqualTo(2);
    assertThat(copy.of(module, 2).toFloats()).containsExactly(1, 2, 3, 4, 0, 0);
    copy.of(module, 2).fill(9);
    assertThat(cache.of(module, 2).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void lengthsBeyondWhatIsThereAreRefused() {
    cache.extend(2);
    assertThatThrownBy(() -> cache.extend(2)).hasMessageContaining("in a cache of 3");
    assertThatThrownBy(() -> cache.truncate(3)).hasMessageContaining("a cache of 2");
    assertThatThrownBy(() -> new SequenceCache(kernels, 3).copyFrom(cache, 3))
        .hasMessageContaining("a cache of 2");
    cache.truncate(1);
    assertThat(cache.length()).isEqualTo(1);
  }

  @Test
  void aTapeThatRecordsContinuesNothing() {
    ParameterLayout layout = new ParameterLayout(module);
    ParameterVector values = new ParameterVector(layout, Precision.FLOAT);
    Tape tape = new Tape(kernels, values, new ParameterVector(layout, Precision.FLOAT));
    assertThatThrownBy(() -> tape.resume(cache)).hasMessageContaining("begins every sequence anew");
  }

  @Test
  void aResetTapeBeginsAgain() {
    Tape tape =
        Tape.forEvaluation(
            kernels, new ParameterVector(new ParameterLayout(module), Precision.FLOAT));
    tape.resume(cache);
    assertThat(tape.past()).isSameAs(cache);
    tape.reset(0);
    assertThat(tape.past()).isNull();
  }
}
