package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Ids;

/** Batches that are fetched before they are asked for. */
class LookAheadTest {
  private static final long BROKEN = 9;

  private final List<String> fetched = new CopyOnWriteArrayList<>();

  /** Batches whose ids tell which they are. */
  private final class Far implements Examples {
    private final CountDownLatch latch;

    Far(int fetches) {
      this.latch = new CountDownLatch(fetches);
    }

    @Override
    public long perEpoch() {
      return 7;
    }

    @Override
    public Batch training(long step, int first, int size) {
      fetched.add(step + "/" + first + (isAhead() ? " ahead" : ""));
      latch.countDown();
      if (step == BROKEN) {
        throw new WordmillException(ExitCode.STORAGE, "gone", "", "");
      }
      Ids ids = new Ids(new int[] {(int) step, first, size}, 1, 3);
      return new Batch(ids, ids);
    }

    @Override
    public long evaluated() {
      return 5;
    }

    @Override
    public Batch evaluation(long first, int size) {
      return training(0, (int) first, size);
    }
  }

  private static boolean isAhead() {
    return Thread.currentThread().getName().contains("look-ahead");
  }

  private static void assertBatch(Examples.Batch batch, int step, int first) {
    assertThat(batch.inputs().values()).containsExactly(step, first, 2);
  }

  @Test
  void theSamePartOfTheNextStepIsFetchedByAnotherThreadAndOnce() throws InterruptedException {
    Far far = new Far(4);
    LookAhead ahead = new LookAhead(far);
    assertBatch(ahead.training(3, 0, 2), 3, 0);
    assertBatch(ahead.training(3, 2, 2), 3, 2);
    assertThat(far.latch.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(fetched).containsExactlyInAnyOrder("3/0", "3/2", "4/0 ahead", "4/2 ahead");
    assertBatch(ahead.training(4, 2, 2), 4, 2);
    assertBatch(ahead.training(4, 0, 2), 4, 0);
    assertThat(fetched).doesNotContain("4/0", "4/2");
    assertThat(ahead.perEpoch()).isEqualTo(7);
    assertThat(ahead.evaluated()).isEqualTo(5);
    assertBatch(ahead.evaluation(3, 2), 0, 3);
  }

  @Test
  void whatIsAskedForAgainOrOutOfOrderIsTheSame() {
    LookAhead ahead = new LookAhead(new Far(1));
    for (int step : new int[] {5, 6, 6, 5, 2, 3, 100, 4}) {
      assertBatch(ahead.training(step, 4, 2), step, 4);
    }
  }

  @Test
  void theFaultOfAFetchIsThatOfWhoAsksForIt() {
    LookAhead ahead = new LookAhead(new Far(1));
    assertBatch(ahead.training(BROKEN - 1, 0, 2), (int) BROKEN - 1, 0);
    assertThatThrownBy(() -> ahead.training(BROKEN, 0, 2))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("gone");
  }
}
