package org.wordmill.trainer;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.BatchSum;
import org.wordmill.train.RoundMean;
import org.wordmill.train.RoundSync;
import org.wordmill.train.TrainedReplica;
import org.wordmill.train.TrainingState;

/**
 * Local steps by one Spark job of one stage a round: parameters and the optimizer's state go out as
 * a broadcast, those of each replica come back as one message, and the driver makes the outer step.
 * Lost executors, retried and speculative tasks are Spark's affair and change no bit.
 */
final class RoundJobs implements RoundSync {
  /** What Kryo writes at once, without the few numbers beside the vectors. */
  private static final long LARGEST = (2047L << 20) - (1 << 20);

  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final RoundMean mean;
  private List<TrainedReplica> trained = List.of();

  RoundJobs(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.jobs = new StepJobs(spark, spec, state);
    this.mean = new RoundMean(state);
    long bytes = Float.BYTES * state.replicated().values().stream().mapToLong(Tensor::size).sum();
    if (bytes > LARGEST) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the parameters and moments of a replica take "
              + OffHeapMemory.readable(bytes)
              + ", and one message has 2 GiB at most",
          "outer.local_steps = " + spec.config().outer().localSteps(),
          "set outer.local_steps=0, or take a smaller model");
    }
    jobs.requireRoom(
        jobs.count() * bytes,
        "the parameters and moments of " + Plural.of(jobs.count(), "replica"));
  }

  @Override
  public String name() {
    return "rounds of " + Plural.of(spec.config().outer().localSteps(), "local step");
  }

  @Override
  public Round train(long first) {
    describe(first);
    Broadcast<FloatVectors> before =
        spark.broadcast(
            new FloatVectors(
                state.replicated().values().stream()
                    .<FloatVector>map(FloatVector.OfTensor::new)
                    .toList()));
    try {
      ReplicaWork work = new ReplicaWork(spec, before, state.optimizer().updates(), first);
      @Nullable TrainedReplica[] replicas = new TrainedReplica[jobs.count()];
      StreamedJob.run(
          spark,
          jobs.partitions(),
          TrainedReplica.class,
          number -> work.train(number.next()),
          (partition, replica) -> replicas[partition] = replica);
      // No nulls: a job ends well when all of its tasks have.
      trained = Stream.of(replicas).toList();
      return Round.of(trained);
    } finally {
      before.destroy();
    }
  }

  private void describe(long first) {
    int steps = spec.config().outer().localSteps();
    spark.setJobDescription(
        "Make steps "
            + (first + 1)
            + " to "
            + (first + steps)
            + " of "
            + Plural.of(jobs.count(), "replica"));
  }

  @Override
  public void update() {
    mean.apply(trained);
    trained = List.of();
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
