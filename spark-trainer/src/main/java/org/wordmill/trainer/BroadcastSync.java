package org.wordmill.trainer;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;
import org.wordmill.train.VectorBlocks;

/**
 * Synchronous data-parallel training by one Spark job of one stage a step: the driver offers the
 * parameters, each task leaves its partition's gradient in the process that ran it, and the driver
 * adds them up in the order of the partitions. Lost executors, retried and speculative tasks change
 * no bit: Spark runs again what fails, and this runs again what was lost after it had been
 * computed.
 *
 * <p>One job is quicker than the two of {@link ShuffleSync} as long as vectors are short or few;
 * but the driver takes one gradient in for each partition.
 */
final class BroadcastSync implements GradientSync {
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final float[] sum;
  private final VectorBlocks gradient;

  BroadcastSync(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spec = spec;
    this.state = state;
    this.jobs = new StepJobs(spark, spec, state);
    long size = state.values().layout().size();
    StepJobs.requireHeap(size * Float.BYTES, "the gradients of a step, added up,");
    this.sum = new float[Math.toIntExact(size)];
    this.gradient = new VectorBlocks(state.gradients().flat());
  }

  @Override
  public String name() {
    return "broadcast";
  }

  @Override
  public StepSum gradient(long step) {
    KeptVector parameters = jobs.offer();
    try {
      List<KeptGradient> gradients = addUp(new PartitionWork(spec, parameters, step));
      return StepJobs.stepSum(gradients, gradient.sumOfSquares(state.kernels()));
    } finally {
      parameters.blocks().remove();
    }
  }

  /** Leaves the sum in the run's gradient, and returns what is known of the partitions. */
  private List<KeptGradient> addUp(PartitionWork work) {
    KeptResults<KeptGradient> gradients = new KeptResults<>("gradients", jobs.count());
    GradientSum addition =
        new GradientSum(partition -> work.gradientOf(partition, KeptVector.SLICE), gradients, sum);
    while (addition.added() < jobs.count()) {
      int before = addition.added();
      // Gradients are added while others are computed.
      try (Background additions = jobs.background()) {
        jobs.compute(
            work, gradients, KeptVector.SLICE, gradient -> additions.begin(addition::call));
      }
      gradients.attempted(addition.added() > before);
    }
    state.gradients().flat().copyFrom(sum);
    return gradients.all();
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
