package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.Optimizer;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;

/**
 * Synchronous data-parallel training by two Spark jobs a step: the driver offers the parameters,
 * each task of the first job leaves its partition's gradient in the process that ran it, each task
 * of the second adds some slices up in the order of the partitions, and leaves the sum. It tells
 * the squares, so the driver knows the norm before it has any of the gradient.
 *
 * <p>For the update the driver fetches the sum slice by slice. Where the optimizer's rule lets it,
 * each slice goes into the optimizer's state at once, and nobody has the gradient as a whole; the
 * parameters change when all slices have come. So the driver moves one vector out and one in,
 * however many partitions there are, and holds beside the run's state a slice. Lost executors,
 * retried and speculative tasks change no bit: Spark runs again what fails, and this runs again
 * what was lost after it had been computed, with the same parameters.
 */
final class ShuffleSync implements GradientSync {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final Slicing slicing;
  private final JavaRDD<Integer> tasks;
  private final ByteBuffer bytes;

  /** Used on Spark's threads, by one at a time. */
  private final Kernels kernels;

  private final Tensor piece;

  /** The step that has not ended. */
  private @Nullable Step current;

  /**
   * What is known of a step.
   *
   * @param taken the slices of the sum that the driver has
   */
  private record Step(
      PartitionWork work,
      KeptVector sum,
      KeptResults<KeptGradient> gradients,
      KeptResults<KeptSum> sums,
      BitSet taken) {}

  /** Where slices of the sum go. */
  private interface Taker {
    void take(int from, Tensor slice);
  }

  ShuffleSync(JavaSparkContext spark, RunSpec spec, TrainingState state, Slicing slicing) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.slicing = slicing;
    this.jobs = new StepJobs(spark, spec, state);
    this.tasks = jobs.numbers(slicing.tasks());
    this.bytes = ByteBuffer.allocateDirect(slicing.slice() * Float.BYTES);
    this.kernels = spec.config().kernels().create(Precision.FLOAT);
    this.piece = Tensor.zeros(Precision.FLOAT, Math.min(slicing.slice(), slicing.elements()));
  }

  @Override
  public String name() {
    return "shuffle, added up by " + Plural.of(slicing.tasks(), "task");
  }

  @Override
  public StepSum gradient(long step) {
    end();
    PartitionWork work = new PartitionWork(spec, jobs.offer(), step);
    Step next =
        new Step(
            work,
            SliceSums.sum(work, slicing),
            new KeptResults<>("gradients", jobs.count()),
            new KeptResults<>("sums of gradients", slicing.tasks()),
            new BitSet());
    current = next;
    addUp(next);
    double norm = 0;
    for (KeptSum sum : next.sums().all()) {
      for (double square : sum.squares()) {
        norm += square;
      }
    }
    return StepJobs.stepSum(next.gradients().all(), norm);
  }

  /** Has the sums taken that nobody keeps, and that the driver wants. */
  private void addUp(Step step) {
    List<Integer> wanted = wanted(step);
    while (!wanted.isEmpty()) {
      KeptResults<KeptGradient> gradients = step.gradients();
      jobs.compute(step.work(), gradients, slicing.slice(), gradient -> {});
      describe(step.work().step());
      SliceSums summation =
          new SliceSums(step.work(), gradients.all().stream().map(Kept::place).toList(), slicing);
      StreamedJob.run(
          spark,
          tasks,
          wanted,
          KeptSum.class,
          number -> summation.sum(number.next()),
          (task, sum) -> {
            if (sum.isThere()) {
              step.sums().found(sum);
            } else {
              gradients.lose(
                  gradients.all().get(sum.lost()).place(), 0, new IOException(sum.why()));
            }
          });
      List<Integer> left = wanted(step);
      gradients.attempted(left.size() < wanted.size());
      wanted = left;
    }
  }

  private List<Integer> wanted(Step step) {
    return step.sums().missing().stream().filter(task -> !left(step, task).isEmpty()).toList();
  }

  /** The slices of a task that the driver does not have yet. */
  private List<Integer> left(Step step, int task) {
    return SliceSums.slices(slicing, task).stream()
        .filter(slice -> !step.taken().get(slice))
        .toList();
  }

  @Override
  public void update(Optimizer optimizer, double gradientScale, double rate) {
    Step step = current;
    if (step == null) {
      throw new IllegalStateException("no gradient has been computed");
    }
    optimizer.begin();
    if (optimizer.absorbs() && state.values().flat().isOnHost()) {
      take(step, (from, slice) -> optimizer.absorb(kernels, from, slice, gradientScale));
      optimizer.step(rate);
    } else {
      Tensor gradient = state.gradients().flat();
      take(
          step,
          (from, slice) -> gradient.view(from, Math.toIntExact(slice.size())).copyFrom(slice));
      optimizer.apply(state.kernels(), 0, optimizer.pieces(), gradientScale, rate);
    }
    end();
  }

  /** Fetches every slice of the sum once. */
  private void take(Step step, Taker taker) {
    for (int task = 0; task < slicing.tasks(); task++) {
      List<Integer> left = left(step, task);
      while (!left.isEmpty()) {
        addUp(step);
        KeptSum sum = step.sums().all().get(task);
        try {
          take(step, sum, left, taker);
        } catch (IOException e) {
          step.sums().lose(sum.place(), task, e);
          step.gradients().lose(sum.place(), 0, e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while gradients were fetched", e);
        }
        List<Integer> still = left(step, task);
        step.sums().attempted(still.size() < left.size());
        left = still;
      }
    }
  }

  private void take(Step step, KeptSum sum, List<Integer> slices, Taker taker)
      throws IOException, InterruptedException {
    KeptVector vector = step.sum();
    vector.read(
        sum.place(),
        slices,
        (slice, parts) -> {
          Tensor there = piece.view(0, vector.length(slice));
          SliceBytes.read(SliceBytes.whole(parts, bytes), there, vector.precision());
          taker.take(vector.from(slice), there);
          step.taken().set(slice);
        });
  }

  private void describe(long step) {
    spark.setJobDescription(
        "Add the gradients of step " + (step + 1) + " up in " + Plural.of(slicing.tasks(), "task"));
  }

  /** Has what was kept for the step go away. */
  private void end() {
    Step ended = current;
    if (ended != null) {
      ended.sum().blocks().remove();
      current = null;
    }
  }

  @Override
  public BatchSum validate(long step) {
    return jobs.validate(step);
  }

  @Override
  public void close() {
    end();
    jobs.close();
  }
}
