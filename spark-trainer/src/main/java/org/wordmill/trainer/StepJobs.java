package org.wordmill.trainer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientPrecision;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;
import org.wordmill.train.VectorBlocks;

/** What the ways to synchronise by one Spark job a step have in common. */
final class StepJobs {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final JavaRDD<Integer> partitions;
  private final VectorBlocks gradient;

  StepJobs(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.gradient = new VectorBlocks(state.gradients().flat());
    int count = spec.config().batching().partitions();
    this.partitions = spark.parallelize(CharacterVocabulary.numbers(count), count);
  }

  /**
   * Refuses what cannot fit into the driver's heap, before the first step.
   *
   * @param bytes on the driver at once
   * @param what they are
   */
  void requireRoom(long bytes, String what) {
    long results = spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    long heap = Runtime.getRuntime().maxMemory();
    boolean limited = results > 0 && results < heap;
    long limit = limited ? results : heap;
    if (bytes > limit && limited) {
      throw tooMuch(
          bytes,
          what,
          "spark.driver.maxResultSize is " + OffHeapMemory.readable(limit),
          "raise it, or leave it to the trainer");
    }
    requireHeap(bytes, what);
  }

  /** Refuses what is no task's result, and cannot fit into the driver's heap. */
  static void requireHeap(long bytes, String what) {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw tooMuch(
          bytes, what, "its heap has " + OffHeapMemory.readable(heap), "raise the driver's memory");
    }
  }

  private static WordmillException tooMuch(long bytes, String what, String limit, String remedy) {
    return new WordmillException(
        ExitCode.USAGE,
        what + " take " + OffHeapMemory.readable(bytes) + " on the driver, " + limit,
        "",
        remedy);
  }

  int count() {
    return partitions.getNumPartitions();
  }

  /** One number for each partition of a batch. */
  JavaRDD<Integer> partitions() {
    return partitions;
  }

  /** The run's parameters as they are now, where every process finds them. */
  KeptVector offer() {
    int size = Math.toIntExact(state.values().layout().size());
    KeptVector parameters =
        new KeptVector(StepBlocks.next(), "parameters", size, GradientPrecision.FLOAT);
    parameters.keep(state.values().flat(), true);
    return parameters;
  }

  void describe(long step) {
    spark.setJobDescription(
        "Compute step "
            + (step + 1)
            + ": the gradients of "
            + Plural.of(spec.config().batching().sequences(), "sequence")
            + " in "
            + Plural.of(count(), "partition"));
  }

  /** The loss on the validation text, by a job of one stage. */
  BatchSum validate(long step) {
    KeptVector parameters = offer();
    try {
      spark.setJobDescription("Measure the validation loss after step " + step);
      PartitionWork work = new PartitionWork(spec, parameters, step);
      List<PartialSum> parts = new ArrayList<>();
      StreamedJob.run(
          spark,
          partitions,
          PartialSum.class,
          number -> work.validate(number.next()),
          (partition, part) -> parts.add(part));
      parts.sort(Comparator.comparingInt(PartialSum::partition));
      return sum(parts);
    } finally {
      parameters.blocks().remove();
    }
  }

  /** In the order given. */
  private static BatchSum sum(List<PartialSum> parts) {
    BatchSum sum = BatchSum.ZERO;
    for (PartialSum part : parts) {
      sum = sum.plus(part.sum());
    }
    return sum;
  }

  /**
   * The sums of a step, when the run's gradient is there.
   *
   * @param parts of all partitions, in their order
   */
  GradientSync.StepSum stepSum(List<PartialSum> parts) {
    return new GradientSync.StepSum(
        sum(parts),
        gradient.sumOfSquares(state.kernels()),
        parts.stream().mapToDouble(PartialSum::seconds).max().orElse(0),
        parts.stream().mapToDouble(PartialSum::inputSeconds).max().orElse(0));
  }

  void close() {
    spark.setJobDescription(null);
  }
}
