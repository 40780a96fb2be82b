package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;

/**
 * Synchronous data-parallel training by two Spark jobs a step: the driver offers the parameters,
 * each task of the first job leaves its partition's gradient in the process that ran it, each task
 * of the second adds some slices up in the order of the partitions, and the driver puts the sums
 * together.
 *
 * <p>So the driver moves one vector out and one in, however many partitions there are, and holds
 * beside the run's state one copy of the parameters and a slice. Lost executors, retried and
 * speculative tasks change no bit: Spark runs again what fails, and this runs again what was lost
 * after it had been computed.
 */
final class ShuffleSync implements GradientSync {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final Slicing slicing;
  private final JavaRDD<Integer> tasks;
  private final ByteBuffer bytes;

  ShuffleSync(JavaSparkContext spark, RunSpec spec, TrainingState state, Slicing slicing) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.slicing = slicing;
    this.jobs = new StepJobs(spark, spec, state);
    this.tasks = jobs.numbers(slicing.tasks());
    this.bytes = ByteBuffer.allocateDirect(slicing.slice() * Float.BYTES);
  }

  @Override
  public String name() {
    return "shuffle, added up by " + Plural.of(slicing.tasks(), "task");
  }

  @Override
  public StepSum gradient(long step) {
    KeptVector parameters = jobs.offer();
    try {
      return jobs.stepSum(addUp(new PartitionWork(spec, parameters, step)));
    } finally {
      parameters.blocks().remove();
    }
  }

  /** Leaves the sum in the run's gradient, and returns what is known of the partitions. */
  private List<KeptGradient> addUp(PartitionWork work) {
    KeptResults<KeptGradient> gradients = new KeptResults<>("gradients", jobs.count());
    List<Integer> wanted = CharacterVocabulary.numbers(slicing.tasks());
    while (!wanted.isEmpty()) {
      jobs.compute(work, gradients, slicing.slice(), gradient -> {});
      describe(work.step());
      SliceSums summation =
          new SliceSums(work, gradients.all().stream().map(Kept::place).toList(), slicing);
      Set<Integer> taken = ConcurrentHashMap.newKeySet();
      try (Background takings = jobs.background()) {
        StreamedJob.run(
            spark,
            tasks,
            wanted,
            KeptSum.class,
            number -> summation.sum(number.next()),
            (task, sum) ->
                takings.begin(
                    () -> {
                      if (isTaken(sum, work, gradients)) {
                        taken.add(task);
                      }
                    }));
      }
      gradients.attempted(!taken.isEmpty());
      wanted = wanted.stream().filter(task -> !taken.contains(task)).toList();
    }
    return gradients.all();
  }

  /** Copies what a task has added up into the run's gradient, unless it has been lost. */
  private boolean isTaken(KeptSum sum, PartitionWork work, KeptResults<KeptGradient> gradients)
      throws InterruptedException {
    if (!sum.isThere()) {
      BlockManagerId place = gradients.all().get(sum.lost()).place();
      gradients.lose(place, 0, new IOException(sum.why()));
      return false;
    }
    KeptVector vector = SliceSums.sum(work, slicing);
    Tensor gradient = state.gradients().flat();
    try {
      vector.read(
          sum.place(),
          SliceSums.slices(slicing, sum.number()),
          (slice, parts) ->
              SliceBytes.read(
                  SliceBytes.whole(parts, bytes),
                  vector.slice(gradient, slice),
                  vector.precision()));
      return true;
    } catch (IOException e) {
      gradients.lose(sum.place(), 0, e);
      return false;
    }
  }

  private void describe(long step) {
    spark.setJobDescription(
        "Add the gradients of step " + (step + 1) + " up in " + Plural.of(slicing.tasks(), "task"));
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
