package org.wordmill.trainer;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;
import org.wordmill.train.VectorBlocks;

/**
 * Synchronous data-parallel training by one Spark job of one stage a step: the parameters go out as
 * a broadcast, each partition's gradient comes back as one message, and the driver adds them up in
 * the order of the partitions. Lost executors, retried and speculative tasks are Spark's affair and
 * change no bit.
 *
 * <p>One stage is quicker than the two of {@link ShuffleSync} as long as vectors are short; but the
 * driver takes one gradient in for each partition, and may hold all of them at once.
 */
final class BroadcastSync implements GradientSync {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final VectorBlocks total;

  BroadcastSync(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.jobs = new StepJobs(spark, spec, state);
    this.total = new VectorBlocks(state.gradients().flat());
    jobs.requireRoom(
        jobs.count() * state.values().layout().size() * Float.BYTES,
        "the gradients of " + jobs.count() + " partitions");
  }

  @Override
  public String name() {
    return "broadcast";
  }

  @Override
  public StepSum gradient(long step) {
    Broadcast<FloatVector> parameters = jobs.broadcast();
    try {
      jobs.describe(step);
      PartitionWork work = new PartitionWork(spec, parameters, step);
      SliceSum sum = new SliceSum(jobs.count());
      StreamedJob.run(
          spark,
          jobs.partitions(),
          GradientSlice.class,
          number -> work.gradient(number.next()),
          (partition, gradient) -> sum.add(gradient));
      SummedSlice summed = sum.result();
      summed.values().copyTo(state.gradients().flat());
      return new StepSum(
          StepJobs.sum(summed.parts()),
          total.sumOfSquares(state.kernels()),
          StepJobs.slowest(summed.parts()),
          StepJobs.mostInput(summed.parts()));
    } finally {
      parameters.destroy();
    }
  }

  @Override
  public BatchSum validate(long step) {
    return jobs.validate(step);
  }

  @Override
  public void close() {
    jobs.close();
  }
}
