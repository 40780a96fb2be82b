package org.wordmill.submit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> NAMES = List.of("order", "output", "smoothing");

  @Test
  void aSlipFindsTheNameThatWasMeant() {
    assertThat(NearestName.of("ordr", NAMES)).contains("order");
    assertThat(NearestName.of("ouptut", NAMES)).contains("output");
    assertThat(NearestName.of("smoothign", NAMES)).contains("smoothing");
  }

  @Test
  void anotherWordFindsNothing() {
    assertThat(NearestName.of("banana", NAMES)).isEmpty();
    assertThat(NearestName.remedy("banana", NAMES))
        .isEqualTo("the choices are order, output, smoothing");
  }

  @Test
  void distanceCountsEditsAndSwapsOfNeighboursAsOne() {
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.distance("ab", "ba")).isEqualTo(1);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("same", "same")).isZero();
  }
}
