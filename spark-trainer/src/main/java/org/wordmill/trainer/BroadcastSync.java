package org.wordmill.trainer;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;
import org.wordmill.train.VectorBlocks;

/**
 * Synchronous data-parallel training by one Spark job a step: the parameters go out as a broadcast,
 * each partition's gradient comes back as one message, and the driver adds them up in the order of
 * the partitions. Lost executors, retried and speculative tasks are Spark's affair and change no
 * bit.
 *
 * <p>The driver holds one gradient for each partition while it adds; {@link #requireRoom} refuses
 * what cannot fit before the first step.
 */
final class BroadcastSync implements GradientSync {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final JavaRDD<Integer> partitions;
  private final VectorBlocks total;

  BroadcastSync(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.total = new VectorBlocks(state.gradients().flat());
    int count = spec.config().batching().partitions();
    this.partitions = spark.parallelize(CharacterVocabulary.numbers(count), count);
    requireRoom(count, state.values().layout().size());
  }

  private void requireRoom(int count, long elements) {
    long needed = count * elements * Float.BYTES;
    long limit = spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    if (limit > 0 && needed > limit) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the gradients of "
              + count
              + " partitions take "
              + needed
              + " bytes on the driver, spark.driver.maxResultSize is "
              + limit,
          "",
          "raise it, and the driver's memory, or take fewer partitions");
    }
  }

  @Override
  public String name() {
    return "broadcast";
  }

  @Override
  public StepSum gradient(long step) {
    Broadcast<FloatVector> parameters = broadcast();
    try {
      spark.setJobDescription(
          "step "
              + (step + 1)
              + ": gradients of "
              + spec.config().batching().sequences()
              + " sequences in "
              + partitions.getNumPartitions()
              + " partitions");
      List<PartialSum> parts =
          partitions
              .mapPartitionsWithIndex(PartitionTask.gradient(spec, parameters, step), true)
              .collect();
      state.gradients().flat().copyFrom(addUp(parts));
      return new StepSum(sum(parts), total.sumOfSquares(state.kernels()), slowest(parts));
    } finally {
      parameters.destroy();
    }
  }

  @Override
  public BatchSum validate(long step) {
    Broadcast<FloatVector> parameters = broadcast();
    try {
      spark.setJobDescription("validation loss after step " + step);
      return sum(
          partitions
              .mapPartitionsWithIndex(PartitionTask.validationLoss(spec, parameters, step), true)
              .collect());
    } finally {
      parameters.destroy();
    }
  }

  /** A copy: in local mode tasks see this very array, late ones of an earlier step too. */
  private Broadcast<FloatVector> broadcast() {
    return spark.broadcast(new FloatVector(state.values().flat().toFloats()));
  }

  /** The sum in the order of the partitions, which is the order of the results. */
  private static float[] addUp(List<PartialSum> parts) {
    float[] sum = parts.get(0).gradient();
    for (int p = 1; p < parts.size(); p++) {
      float[] gradient = parts.get(p).gradient();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient[i];
      }
    }
    return sum;
  }

  private static BatchSum sum(List<PartialSum> parts) {
    BatchSum sum = BatchSum.ZERO;
    for (PartialSum part : parts) {
      sum = sum.plus(part.sum());
    }
    return sum;
  }

  private static double slowest(List<PartialSum> parts) {
    return parts.stream().mapToDouble(PartialSum::seconds).max().orElse(0);
  }

  @Override
  public void close() {
    spark.setJobDescription(null);
  }
}
