package org.wordmill.trainer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;

/** What the ways to synchronise by Spark jobs have in common. */
final class StepJobs {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final JavaRDD<Integer> partitions;
  private final ExecutorService adder =
      Executors.newSingleThreadExecutor(work -> DirectDoor.daemon(work, "wordmill-gradients"));

  StepJobs(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    int count = spec.config().batching().partitions();
    this.partitions = numbers(count);
  }

  /** Partitions with one number each. */
  JavaRDD<Integer> numbers(int count) {
    return spark.parallelize(CharacterVocabulary.numbers(count), count);
  }

  /**
   * Refuses what cannot fit into the driver's heap, before the first step.
   *
   * @param bytes on the driver at once
   * @param what they are
   */
  static void requireHeap(long bytes, String what) {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw new WordmillException(
          ExitCode.USAGE,
          what
              + " take "
              + OffHeapMemory.readable(bytes)
              + " on the driver, its heap has "
              + OffHeapMemory.readable(heap),
          "",
          "raise the driver's memory");
    }
  }

  int count() {
    return partitions.getNumPartitions();
  }

  /** One number for each partition of a batch. */
  JavaRDD<Integer> partitions() {
    return partitions;
  }

  /**
   * The run's parameters where every process finds them. They are not copied, and must not change
   * before every result that is wanted of the step is there. A task that is still at work then, one
   * that Spark has started twice, may read changed ones: nobody takes its result.
   */
  KeptVector offer() {
    Tensor parameters = state.values().flat();
    KeptVector offered = KeptVector.of(StepBlocks.next(), "parameters", parameters);
    offered.lend(parameters);
    return offered;
  }

  /**
   * Has the gradients computed that nobody keeps.
   *
   * @param slice elements that they are kept in
   * @param then told of each when it is there
   */
  void compute(
      PartitionWork work,
      KeptResults<KeptGradient> gradients,
      int slice,
      Consumer<KeptGradient> then) {
    List<Integer> wanted = gradients.missing();
    if (wanted.isEmpty()) {
      return;
    }
    describe(work.step());
    StreamedJob.run(
        spark,
        partitions,
        wanted,
        KeptGradient.class,
        number -> work.gradient(number.next(), slice),
        (partition, gradient) -> {
          gradients.found(gradient);
          then.accept(gradient);
        });
  }

  /** For what the driver does while tasks run. */
  Background background() {
    return new Background(adder);
  }

  private void describe(long step) {
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
   * The sums of a step.
   *
   * @param gradients of all partitions, in their order
   * @param squaredNorm of their sum
   */
  static GradientSync.StepSum stepSum(List<KeptGradient> gradients, double squaredNorm) {
    List<PartialSum> parts = gradients.stream().map(KeptGradient::part).toList();
    return new GradientSync.StepSum(
        sum(parts),
        squaredNorm,
        parts.stream().mapToDouble(PartialSum::seconds).max().orElse(0),
        parts.stream().mapToDouble(PartialSum::inputSeconds).max().orElse(0));
  }

  void close() {
    adder.shutdownNow();
    spark.setJobDescription(null);
  }
}
