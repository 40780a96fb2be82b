package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class TaskTimesTest {
  private final JavaSparkContext spark;

  TaskTimesTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @Test
  void skewIsTheLongestTaskByTheMedian() {
    assertThat(TaskTimes.of(new long[] {300, 100, 200}, new long[] {20, 20, 50}))
        .isEqualTo(new TaskTimes(3, 0.2, 0.3, 1.5, 2.5));
    TaskTimes two = TaskTimes.of(new long[] {100, 200}, new long[] {0, 0});
    assertThat(two.medianSeconds()).isCloseTo(0.15, within(1e-12));
    assertThat(two.byteSkew()).isEqualTo(1);
    assertThat(TaskTimes.of(new long[] {0, 0}, new long[] {5, 5}).skew()).isEqualTo(1);
  }

  @Test
  void oneSlowTaskShowsInTheSkewOfItsStage() {
    TaskClock clock = TaskClock.start(spark);
    try {
      long sum = spark.parallelize(List.of(1, 2, 3, 4), 4).map(TaskTimesTest::slowIfFour).count();
      Optional<TaskTimes> times = clock.lap();
      assertThat(sum).isEqualTo(4);
      assertThat(times).isPresent();
      assertThat(times.get().tasks()).isEqualTo(4);
      assertThat(times.get().longestSeconds()).isGreaterThanOrEqualTo(1);
      assertThat(times.get().skew()).isGreaterThan(2);
      assertThat(clock.lap()).isEmpty();
    } finally {
      clock.stop();
    }
  }

  private static int slowIfFour(int element) throws InterruptedException {
    Thread.sleep(element == 4 ? 1000 : 10);
    return element;
  }

  @Test
  void jobsOfOthersAreNotMeasured() {
    TaskClock clock = TaskClock.start(spark);
    try {
      spark.setLocalProperty(TaskClock.OWNER, "another");
      assertThat(spark.parallelize(List.of(1, 2), 2).count()).isEqualTo(2);
      assertThat(clock.lap()).isEmpty();
    } finally {
      clock.stop();
    }
  }
}
