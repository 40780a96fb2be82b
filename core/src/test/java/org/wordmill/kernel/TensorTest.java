package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tensors behave alike wherever their memory lies. */
final class TensorTest {
  /** Two kinds of memory. */
  enum Place {
    ND4J,
    ELSEWHERE;

    Tensor zeros(Precision precision, int... shape) {
      return this == ND4J
          ? Tensor.zeros(precision, shape)
          : Tensor.over(new HeapMemory(precision, Tensor.size(shape)), shape);
    }
  }

  @ParameterizedTest
  @EnumSource
  void viewsShareTheMemoryTheyWereCutFrom(Place place) {
    Tensor whole = place.zeros(Precision.FLOAT, 2, 3);
    whole.copyFrom(new float[] {1, 2, 3, 4, 5, 6});
    Tensor row = whole.view(3, 3);
    assertThat(row.toFloats()).containsExactly(4, 5, 6);
    row.view(1, 1).fill(-5);
    assertThat(whole.toFloats()).containsExactly(1, 2, 3, 4, -5, 6);
    row.copyFrom(new double[] {7, 8, 9});
    assertThat(whole.toDoubles()).containsExactly(1, 2, 3, 7, 8, 9);
    assertThat(whole.reshape(3, 2).hasShape(3, 2)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void copiesBetweenAllPlacesAndPrecisions(Place place) {
    for (Place other : Place.values()) {
      for (Precision from : Precision.values()) {
        for (Precision to : Precision.values()) {
          Tensor source = place.zeros(from, 5);
          source.copyFrom(new double[] {0.5, -2, Double.NaN, 1e10, 3});
          Tensor target = other.zeros(to, 6);
          target.view(1, 4).copyFrom(source.view(1, 4));
          assertThat(target.toDoubles())
              .as("%s %s to %s %s", place, from, other, to)
              .containsExactly(0, -2, Double.NaN, 1e10f, 3, 0);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void viewsOutsideAreRefused(Place place) {
    Tensor tensor = place.zeros(Precision.DOUBLE, 4);
    assertThatThrownBy(() -> tensor.view(2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.copyFrom(new float[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theReferenceKernelsRefuseMemoryThatNd4jCannotReach(Precision precision) {
    Kernels kernels = new ReferenceKernels(precision);
    Tensor far = Place.ELSEWHERE.zeros(precision, 2);
    assertThat(kernels.reaches(far)).isFalse();
    assertThat(kernels.reaches(kernels.within(far))).isTrue();
    assertThatThrownBy(() -> kernels.scale(far, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("device");
  }
}
