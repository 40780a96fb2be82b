package org.wordmill.model.glyph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.KernelChoice;

/** The images follow from their seed, and the network learns to read them. */
final class GlyphTrainingTest {

  @Test
  void moreThanNinetySevenOfAHundredHeldOutImagesAreReadRight() {
    GlyphReport report = GlyphTraining.run(1, 200, KernelChoice.AUTO, line -> {});
    assertThat(report.tested()).isEqualTo(2000);
    assertThat(report.accuracy()).isGreaterThan(0.97);
    for (int digit = 0; digit < GlyphImages.CLASSES; digit++) {
      assertThat(report.accuracy(digit)).as("digit %d", digit).isGreaterThan(0.9);
    }
    assertThat(report.filters()).hasSize(8 * 5 * 5);
  }

  @Test
  void withoutTrainingItGuesses() {
    GlyphReport report = GlyphTraining.run(1, 0, KernelChoice.AUTO, line -> {});
    assertThat(report.accuracy()).isLessThan(0.35);
    // By hand: 8 25 + 8, 16 8 25 + 16, 784 10 + 10.
    assertThat(report.parameters()).isEqualTo(208 + 3216 + 7850);
  }

  @Test
  void theSeedDecidesEveryPixel() {
    GlyphImages.Batch one = new GlyphImages(7).next(20);
    GlyphImages.Batch same = new GlyphImages(7).next(20);
    GlyphImages.Batch other = new GlyphImages(8).next(20);
    assertThat(same.pixels()).containsExactly(one.pixels());
    assertThat(same.labels()).containsExactly(one.labels());
    assertThat(other.pixels()).isNotEqualTo(one.pixels());
  }

  @Test
  void noTwoImagesAreEqualAndEveryDigitComesAsOftenAsTheOthers() {
    GlyphImages.Batch batch = new GlyphImages(3).next(1000);
    int[] counts = new int[GlyphImages.CLASSES];
    Set<Integer> different = new HashSet<>();
    int size = GlyphImages.SIDE * GlyphImages.SIDE;
    for (int n = 0; n < 1000; n++) {
      counts[batch.labels()[n]]++;
      different.add(Arrays.hashCode(Arrays.copyOfRange(batch.pixels(), n * size, (n + 1) * size)));
    }
    assertThat(different).hasSize(1000);
    // Four standard deviations of a binomial count.
    for (int count : counts) {
      assertThat(count).isBetween(62, 138);
    }
  }
}
