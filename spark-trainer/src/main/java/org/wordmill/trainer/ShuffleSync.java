package org.wordmill.trainer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;
import scala.Tuple2;

/**
 * Synchronous data-parallel training by one Spark job of two stages a step. The parameters go out
 * as a broadcast; each map task shuffles its partition's gradient in slices; one reduce task for
 * each slice adds them up in the order of the partitions, and the driver puts the summed slices
 * together.
 *
 * <p>So the driver moves one vector out and one in, however many partitions there are, and holds
 * beside the run's state one copy of the parameters and a few slices. Lost executors, retried and
 * speculative tasks are Spark's affair and change no bit.
 */
final class ShuffleSync implements GradientSync {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final Slicing slicing;

  ShuffleSync(JavaSparkContext spark, RunSpec spec, TrainingState state, Slicing slicing) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.slicing = slicing;
    this.jobs = new StepJobs(spark, spec, state);
    jobs.requireRoom(
        state.values().layout().size() * Float.BYTES,
        "the parameters, and the gradient of a step,");
  }

  @Override
  public String name() {
    return "shuffle, " + slicing.count() + (slicing.count() == 1 ? " slice" : " slices");
  }

  @Override
  public StepSum gradient(long step) {
    KeptVector parameters = jobs.offer();
    jobs.describe(step);
    JavaRDD<Tuple2<Integer, GradientSlice>> slices =
        slices(jobs.partitions(), new PartitionWork(spec, parameters, step), slicing);
    try {
      List<PartialSum> parts = addUp(slices);
      return jobs.stepSum(parts);
    } finally {
      slices.rdd().cleanShuffleDependencies(false);
      parameters.blocks().remove();
    }
  }

  /** The gradients of all partitions, each slice where its sum is taken. */
  private static JavaRDD<Tuple2<Integer, GradientSlice>> slices(
      JavaRDD<Integer> partitions, PartitionWork work, Slicing slicing) {
    return JavaPairRDD.fromJavaRDD(
            partitions.mapPartitionsWithIndex(
                (partition, number) -> work.slices(partition, slicing), true))
        .partitionBy(slicing)
        .rdd()
        .toJavaRDD();
  }

  /** Leaves the sum in the run's gradient, and returns the sums of the partitions. */
  private List<PartialSum> addUp(JavaRDD<Tuple2<Integer, GradientSlice>> slices) {
    int count = jobs.count();
    Tensor gradient = state.gradients().flat();
    List<PartialSum> parts = new ArrayList<>();
    StreamedJob.run(
        spark,
        slices,
        SummedSlice.class,
        all -> sum(all, count),
        (slice, summed) -> {
          summed.values().copyTo(slicing.of(gradient, slice));
          if (slice == 0) {
            parts.addAll(summed.parts());
          }
        });
    return parts;
  }

  private static SummedSlice sum(Iterator<Tuple2<Integer, GradientSlice>> slices, int partitions) {
    SliceSum sum = new SliceSum(partitions);
    while (slices.hasNext()) {
      sum.add(slices.next()._2());
    }
    return sum.result();
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
