package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientPrecision;
import scala.Option;

/** Vectors that processes keep for each other, and their sum. */
@ExtendWith(LocalSpark.class)
class GradientSumTest {
  /** Two slices, and a few elements. */
  private static final int SIZE = 2 * KeptVector.SLICE + 5;

  private static final BlockManagerId GONE =
      BlockManagerId.apply("gone", "127.0.0.1", 9, Option.empty());

  private final StepBlocks blocks = StepBlocks.next();
  private final JavaSparkContext spark;

  GradientSumTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @AfterEach
  void remove() {
    assertThat(spark.sc().isStopped()).isFalse();
    blocks.removeHere();
  }

  private KeptVector vector(int partition) {
    return new KeptVector(
        blocks, "gradient" + partition, SIZE, KeptVector.SLICE, GradientPrecision.FLOAT);
  }

  private KeptGradient kept(int partition, BlockManagerId place) {
    return new KeptGradient(new PartialSum(partition, new BatchSum(partition, 1), 0, 0), place);
  }

  /** This process, by a name that has everything come over a socket. */
  private static BlockManagerId bySocket() {
    BlockManagerId here = StepBlocks.here();
    return BlockManagerId.apply("other", here.host(), here.port(), Option.empty());
  }

  /** Keeps vectors whose sum in any other order is another one than 1, 1, ...; 10 at the end. */
  private void keepFour() {
    // In floats 2^24 + 1 = 2^24.
    float big = 1 << 24;
    float[] first = {big, 1, -big, 1};
    for (int partition = 0; partition < 4; partition++) {
      float[] values = new float[SIZE];
      Arrays.fill(values, first[partition]);
      values[SIZE - 1] = partition + 1;
      vector(partition).keep(Tensor.of(values, SIZE), false);
    }
  }

  private static void assertSum(float[] sum) {
    for (int i = 0; i < SIZE - 1; i++) {
      assertThat(sum[i]).isEqualTo(1);
    }
    assertThat(sum[SIZE - 1]).isEqualTo(10);
  }

  @Test
  void theOrderInWhichGradientsAreFoundChangesNoBit() throws InterruptedException {
    keepFour();
    float[] result = new float[SIZE];
    for (int seed = 0; seed < 4; seed++) {
      KeptResults<KeptGradient> gradients = new KeptResults<>("gradients", 4);
      GradientSum sum = new GradientSum(this::vector, gradients, result);
      List<Integer> order = new ArrayList<>(IntStream.range(0, 4).boxed().toList());
      Collections.shuffle(order, new Random(seed));
      for (int partition : order) {
        gradients.found(kept(partition, seed % 2 == 0 ? bySocket() : StepBlocks.here()));
        sum.call();
      }
      assertSum(result);
      assertThat(gradients.all()).extracting(Kept::number).containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void whatALostProcessKeptIsMissingAgain() throws InterruptedException {
    keepFour();
    float[] result = new float[SIZE];
    KeptResults<KeptGradient> gradients = new KeptResults<>("gradients", 4);
    GradientSum sum = new GradientSum(this::vector, gradients, result);
    gradients.found(kept(0, StepBlocks.here()));
    gradients.found(kept(1, GONE));
    gradients.found(kept(3, GONE));
    assertThat(gradients.missing()).containsExactly(2);
    gradients.found(kept(2, StepBlocks.here()));
    assertThat(sum.call()).isEqualTo(1);
    assertThat(gradients.missing()).containsExactly(1, 3);
    for (int attempt = 1; attempt < 4; attempt++) {
      gradients.attempted(false);
    }
    assertThatThrownBy(() -> gradients.attempted(false))
        .hasMessage("gradients were computed 4 times, and lost each time")
        .cause()
        .hasMessageContaining("cannot be had");
    gradients.found(kept(3, StepBlocks.here()));
    gradients.found(kept(1, StepBlocks.here()));
    assertThat(sum.call()).isEqualTo(4);
    assertThat(gradients.missing()).isEmpty();
    assertSum(result);
  }

  @Test
  void aProcessThatIsLostAmidAGradientLeavesNothingAddedTwice() throws InterruptedException {
    keepFour();
    float[] result = new float[SIZE];
    // The last slice of partition 1 is not where the others are.
    StepBlocks elsewhere = StepBlocks.next();
    KeptVector whole = vector(1);
    List<KeptVector> known =
        new ArrayList<>(
            List.of(
                new KeptVector(
                    elsewhere, "gradient1", SIZE, KeptVector.SLICE, GradientPrecision.FLOAT)));
    try {
      float[] ones = new float[2 * KeptVector.SLICE];
      Arrays.fill(ones, 1);
      new KeptVector(elsewhere, "gradient1", ones.length, KeptVector.SLICE, GradientPrecision.FLOAT)
          .keep(Tensor.of(ones, ones.length), false);
      KeptResults<KeptGradient> gradients = new KeptResults<>("gradients", 4);
      GradientSum sum =
          new GradientSum(
              partition -> partition == 1 ? known.get(0) : vector(partition), gradients, result);
      for (int partition = 0; partition < 4; partition++) {
        gradients.found(kept(partition, bySocket()));
      }
      assertThat(sum.call()).isEqualTo(1);
      known.set(0, whole);
      for (int partition : gradients.missing()) {
        gradients.found(kept(partition, bySocket()));
      }
      assertThat(sum.call()).isEqualTo(4);
      assertSum(result);
    } finally {
      elsewhere.removeHere();
    }
  }

  @Test
  void aVectorComesBackAsItWasUntilItGoesAway() throws Exception {
    Random random = new Random(1);
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      // Numbers that bfloat16 has, too.
      values[i] = random.nextInt(256) - 128;
    }
    for (GradientPrecision precision : GradientPrecision.values()) {
      KeptVector vector =
          new KeptVector(blocks, "parameters" + precision, SIZE, 1 << 19, precision);
      vector.keep(Tensor.of(values, SIZE), true);
      Tensor copy = Tensor.of(new float[SIZE], SIZE);
      vector.copyTo(copy, false);
      assertThat(copy.toFloats()).isEqualTo(values);
      blocks.removeHere();
      assertThatThrownBy(() -> vector.copyTo(copy, false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("parameters" + precision + " of a step that is over");
    }
  }

  @Test
  void whatAReaderThrowsReachesWhoWaits() {
    keepFour();
    assertThatThrownBy(
            () ->
                vector(1)
                    .read(
                        bySocket(),
                        List.of(0, 1),
                        (slice, parts) -> {
                          throw new OutOfMemoryError("no more of " + slice);
                        }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no more of");
  }

  @Test
  void whoIsInterruptedHasNothingReadAfterwards() throws Exception {
    keepFour();
    CountDownLatch reading = new CountDownLatch(1);
    AtomicInteger reads = new AtomicInteger();
    Thread waiting =
        new Thread(
            () ->
                assertThatThrownBy(
                        () ->
                            vector(1)
                                .read(
                                    bySocket(),
                                    List.of(0, 1, 2),
                                    (slice, parts) -> {
                                      reading.countDown();
                                      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                                      reads.incrementAndGet();
                                    }))
                    .isInstanceOf(InterruptedException.class));
    AtomicReference<Throwable> fault = new AtomicReference<>();
    waiting.setUncaughtExceptionHandler((thread, e) -> fault.set(e));
    waiting.start();
    assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
    waiting.interrupt();
    waiting.join(TimeUnit.SECONDS.toMillis(30));
    int read = reads.get();
    Thread.sleep(1000);
    assertThat(reads.get()).isEqualTo(read);
    assertThat(fault.get()).isNull();
  }

  @Test
  void bfloat16TakesHalfTheBytes() {
    Tensor tensor = Tensor.of(new float[] {1, -2, 0.5f}, 3);
    assertThat(SliceBytes.of(tensor, GradientPrecision.BF16).remaining()).isEqualTo(6);
    assertThat(SliceBytes.of(tensor, GradientPrecision.FLOAT).remaining()).isEqualTo(12);
    assertThatThrownBy(
            () ->
                SliceBytes.read(
                    SliceBytes.of(tensor, GradientPrecision.BF16), tensor, GradientPrecision.FLOAT))
        .hasMessage("a slice of 3 elements has come in 6 bytes");
  }
}
