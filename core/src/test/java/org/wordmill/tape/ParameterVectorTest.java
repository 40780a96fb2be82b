package org.wordmill.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Precision;
import org.wordmill.module.Linear;

final class ParameterVectorTest {
  private final Parameter shared = new Parameter("shared", new Initializer.Normal(2), 3, 5);
  private final Parameter bias = new Parameter("bias", new Initializer.Constant(7), 17);
  private final Parameter last = new Parameter("last", new Initializer.Uniform(0.5), 1, 1000);

  /** Two leaves that share a parameter, below a module of none. */
  private Module network(Parameter... more) {
    return new Module() {
      @Override
      public List<Module> children() {
        return List.of(
            new Linear(shared, bias), new Linear(shared, null), new Linear(last, null), extra());
      }

      private Module extra() {
        return new Module() {
          @Override
          public List<Parameter> parameters() {
            return List.of(more);
          }
        };
      }
    };
  }

  @Test
  void aSharedParameterLiesThereOnceAndEachBeginsAtACacheLine() {
    ParameterLayout layout = new ParameterLayout(network());
    assertThat(layout.parameters()).containsExactly(shared, bias, last);
    assertThat(layout.offset(shared)).isEqualTo(0);
    assertThat(layout.offset(bias)).isEqualTo(16);
    assertThat(layout.offset(last)).isEqualTo(48);
    assertThat(layout.size()).isEqualTo(48 + 1008);
    assertThat(layout.parameterCount()).isEqualTo(15 + 17 + 1000);
  }

  @Test
  void twoParametersOfOneNameAreRefused() {
    Parameter again = new Parameter("bias", new Initializer.Constant(0), 2);
    assertThatThrownBy(() -> new ParameterLayout(network(again)))
        .hasMessageContaining("two parameters are named bias");
  }

  @Test
  void aLargeModelIsLaidOutWithoutBeingAllocated() {
    Parameter huge = new Parameter("huge", new Initializer.Constant(0), 50_000, 40_000);
    assertThat(new ParameterLayout(network(huge)).parameterCount()).isEqualTo(2_000_001_032L);
  }

  @Test
  void parametersAreViewsOfOneVector() {
    ParameterVector vector = new ParameterVector(new ParameterLayout(network()), Precision.FLOAT);
    vector.of(bias).fill(3);
    float[] flat = vector.flat().toFloats();
    assertThat(Arrays.copyOfRange(flat, 16, 33)).containsOnly(3);
    assertThat(Arrays.copyOfRange(flat, 33, 48)).containsOnly(0);
    assertThatThrownBy(() -> vector.of(new Parameter("x", new Initializer.Constant(0), 1)))
        .hasMessageContaining("does not belong");
  }

  @Test
  void initializersHaveTheirDistributionAndFollowFromSeedAndName() {
    ParameterVector vector = new ParameterVector(new ParameterLayout(network()), Precision.DOUBLE);
    vector.initialize(1);
    double[] uniform = vector.of(last).toDoubles();
    assertThat(Arrays.stream(uniform).max().orElseThrow()).isBetween(0.45, 0.5);
    assertThat(Arrays.stream(uniform).min().orElseThrow()).isBetween(-0.5, -0.45);
    assertThat(Arrays.stream(uniform).average().orElseThrow()).isCloseTo(0, within(0.05));
    assertThat(vector.of(bias).toDoubles()).containsOnly(7);

    Parameter first = new Parameter("aaa", new Initializer.Normal(1), 4);
    ParameterVector other =
        new ParameterVector(new ParameterLayout(new Linear(last, first)), Precision.DOUBLE);
    other.initialize(1);
    assertThat(other.of(last).toDoubles()).containsExactly(uniform);
    other.initialize(2);
    assertThat(other.of(last).toDoubles()).isNotEqualTo(uniform);
  }
}
