package org.wordmill.tape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PlacementTest {
  private static final long SEED = 20;

  @Test
  void piecesThatAreNeededAtDifferentTimesShareTheirPlace() {
    Placement placed =
        Placement.of(new long[] {160, 160, 160}, new int[] {0, 1, 2}, new int[] {0, 1, 2});
    assertThat(placed.elements()).isEqualTo(160);
    assertThat(placed.offsets()).containsExactly(0, 0, 0);
  }

  @Test
  void piecesThatAreNeededAtOnceLieSideBySide() {
    Placement placed = Placement.of(new long[] {160, 320}, new int[] {0, 5}, new int[] {5, 9});
    assertThat(placed.elements()).isEqualTo(480);
    assertThat(placed.offsets()).containsExactlyInAnyOrder(0, 320);
  }

  @Test
  void aSmallPieceGoesIntoTheTightestGap() {
    // Two gaps, of 64 and of 32, are left between three pieces that stay; 32 fits both.
    long[] sizes = {1600, 64, 1584, 32, 1568, 32};
    int[] first = {0, 0, 0, 0, 0, 1};
    int[] last = {1, 0, 1, 0, 1, 1};
    Placement placed = Placement.of(sizes, first, last);
    assertThat(placed.elements()).isEqualTo(1600 + 64 + 1584 + 32 + 1568);
  }

  @Test
  void placesBeginAtCacheLines() {
    Placement placed = Placement.of(new long[] {1, 17, 5}, new int[3], new int[3]);
    assertThat(Arrays.stream(placed.offsets()).map(offset -> offset % 16)).containsOnly(0L);
    assertThat(placed.elements()).isEqualTo(16 + 32 + 16);
  }

  @Test
  void nothingThatIsNeededAtOnceOverlapsAndLittleRoomIsWasted() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 200; run++) {
      int count = 1 + random.nextInt(120);
      long[] sizes = random.longs(count, 1, run % 2 == 0 ? 50 : 5000).toArray();
      int[] first = random.ints(count, 0, 100).toArray();
      int[] last = new int[count];
      Arrays.setAll(last, i -> first[i] + random.nextInt(30));
      Placement placed = Placement.of(sizes, first, last);
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < i; j++) {
          boolean together = first[i] <= last[j] && first[j] <= last[i];
          boolean apart =
              placed.offsets()[i] + sizes[i] <= placed.offsets()[j]
                  || placed.offsets()[j] + sizes[j] <= placed.offsets()[i];
          assertThat(apart || !together).as("pieces %d and %d of run %d", i, j, run).isTrue();
        }
        assertThat(placed.offsets()[i] + sizes[i]).isLessThanOrEqualTo(placed.elements());
      }
      assertThat(placed.elements()).isLessThanOrEqualTo(2 * mostAtOnce(sizes, first, last) + 16);
    }
  }

  /** What no placement can be smaller than, in whole cache lines. */
  private static long mostAtOnce(long[] sizes, int[] first, int[] last) {
    long most = 0;
    for (int time = 0; time < 130; time++) {
      long sum = 0;
      for (int i = 0; i < sizes.length; i++) {
        sum += first[i] <= time && time <= last[i] ? (sizes[i] + 15) / 16 * 16 : 0;
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}
