package org.wordmill.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;

/**
 * Synchronous data-parallel training by one Spark job of one stage a step: the driver offers the
 * parameters, each task leaves its partition's gradient in the process that ran it, and the driver
 * adds them up in the order of the partitions. Lost executors, retried and speculative tasks change
 * no bit: Spark runs again what fails, and this runs again what was lost after it had been
 * computed.
 *
 * <p>One stage is quicker than the two of {@link ShuffleSync} as long as vectors are short or few;
 * but the driver takes one gradient in for each partition.
 */
final class BroadcastSync implements GradientSync {
  /** Times in a row that no gradient comes through, as Spark has it for a task. */
  private static final int ATTEMPTS = 4;

  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final float[] sum;
  private final ExecutorService adder =
      Executors.newSingleThreadExecutor(work -> DirectDoor.daemon(work, "wordmill-gradients"));

  BroadcastSync(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.jobs = new StepJobs(spark, spec, state);
    long size = state.values().layout().size();
    StepJobs.requireHeap(size * Float.BYTES, "the gradients of a step, added up,");
    this.sum = new float[Math.toIntExact(size)];
  }

  @Override
  public String name() {
    return "broadcast";
  }

  @Override
  public StepSum gradient(long step) {
    KeptVector parameters = jobs.offer();
    try {
      List<PartialSum> parts = addUp(new PartitionWork(spec, parameters, step));
      return jobs.stepSum(parts);
    } finally {
      parameters.blocks().remove();
    }
  }

  /** Leaves the sum in the run's gradient, and returns the sums of the partitions. */
  private List<PartialSum> addUp(PartitionWork work) {
    GradientSum gradients = new GradientSum(work::gradientOf, jobs.count(), sum);
    List<Integer> wanted = gradients.missing();
    int failures = 0;
    while (!wanted.isEmpty()) {
      int before = gradients.added();
      jobs.describe(work.step());
      // Gradients are added while others are computed.
      List<Future<?>> additions = new ArrayList<>();
      StreamedJob.run(
          spark,
          jobs.partitions(),
          wanted,
          KeptGradient.class,
          number -> work.gradient(number.next()),
          (partition, gradient) -> {
            gradients.found(gradient);
            additions.add(adder.submit(gradients));
          });
      additions.forEach(BroadcastSync::await);
      wanted = gradients.missing();
      failures = gradients.added() > before ? 0 : failures + 1;
      if (failures == ATTEMPTS) {
        throw new IllegalStateException(
            "gradients were computed %d times, and lost each time".formatted(ATTEMPTS),
            gradients.loss());
      }
    }
    state.gradients().flat().copyFrom(sum);
    return gradients.parts();
  }

  private static void await(Future<?> addition) {
    try {
      addition.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while gradients were added up", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("gradients cannot be added up", e.getCause());
    }
  }

  @Override
  public BatchSum validate(long step) {
    return jobs.validate(step);
  }

  @Override
  public void close() {
    adder.shutdownNow();
    jobs.close();
  }
}
