package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
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
 * the squares, so the driver knows the norm before it has any of the gradient. Where one task would
 * add up, the driver does it in the same way, without a second job.
 *
 * <p>For the update the driver fetches the sum slice by slice. Where the optimizer's rule lets it,
 * each slice goes into the optimizer's state at once, and nobody has the gradient as a whole; the
 * parameters change when all slices have come. So the driver moves one vector out and one in,
 * however many partitions there are, and holds beside the run's state a few slices. Lost executors,
 * retried and speculative tasks change no bit: Spark runs again what fails, and this runs again
 * what was lost after it had been computed, with the same parameters.
 */
final class ShuffleSync implements GradientSync {
  /** One that is received, and one that is taken. */
  private static final int PIECES = 2;

  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final Slicing slicing;
  private final JavaRDD<Integer> tasks;

  /** For the thread that takes slices. */
  private final Kernels kernels;

  /** Whether slices go into the optimizer's state, and the driver has no gradient. */
  private final boolean absorbs;

  /** Room for slices that have come and are not taken yet. */
  private final BlockingQueue<Tensor> pieces = new ArrayBlockingQueue<>(PIECES);

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
    this.kernels = spec.config().kernels().create(Precision.FLOAT);
    this.absorbs = state.optimizer().absorbs() && state.values().flat().isOnHost();
    if (!absorbs) {
      // What has no room is to be refused before the first step.
      state.gradients();
    }
    for (int i = 0; i < PIECES; i++) {
      pieces.add(Tensor.zeros(Precision.FLOAT, Math.min(slicing.slice(), slicing.elements())));
    }
  }

  @Override
  public String name() {
    return "shuffle, added up by "
        + (slicing.tasks() > 1
            ? Plural.of(slicing.tasks(), "task")
            : "the driver, since one task would do");
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
      sum(
          step,
          wanted,
          new SliceSums(step.work(), gradients.all().stream().map(Kept::place).toList(), slicing));
      List<Integer> left = wanted(step);
      gradients.attempted(left.size() < wanted.size());
      wanted = left;
    }
  }

  /** Has tasks add up; or where one would do, adds up here, and saves the job. */
  private void sum(Step step, List<Integer> wanted, SliceSums summation) {
    if (slicing.tasks() > 1) {
      describe(step.work().step());
      StreamedJob.run(
          spark,
          tasks,
          wanted,
          KeptSum.class,
          number -> summation.sumInTask(number.next()),
          (task, sum) -> found(step, sum));
      return;
    }
    try {
      found(step, summation.sum(0));
    } catch (InterruptedException e) {
      throw interrupted("added up", e);
    }
  }

  private static void found(Step step, KeptSum sum) {
    if (sum.isThere()) {
      step.sums().found(sum);
    } else {
      BlockManagerId place = step.gradients().all().get(sum.lost()).place();
      step.gradients().lose(place, 0, new IOException(sum.why()));
    }
  }

  private static IllegalStateException interrupted(String when, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while gradients were " + when, e);
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
    if (absorbs) {
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
    int left = step.sum().slices();
    while (left > 0) {
      addUp(step);
      take(step, wantedByPlace(step), taker);
      int before = left;
      left = step.sum().slices() - step.taken().cardinality();
      step.sums().attempted(left < before);
    }
  }

  /** The slices that the driver does not have yet, by who keeps them. */
  private Map<BlockManagerId, List<Integer>> wantedByPlace(Step step) {
    Map<BlockManagerId, List<Integer>> wanted = new LinkedHashMap<>();
    for (KeptSum sum : step.sums().all()) {
      List<Integer> left = left(step, sum.number());
      if (!left.isEmpty()) {
        wanted.computeIfAbsent(sum.place(), place -> new ArrayList<>()).addAll(left);
      }
    }
    return wanted;
  }

  /** Fetches what is still there. */
  private void take(Step step, Map<BlockManagerId, List<Integer>> wanted, Taker taker) {
    wanted.forEach(
        (place, slices) -> {
          try {
            for (int at = 0; at < slices.size(); at += KeptVector.AT_ONCE) {
              int end = Math.min(slices.size(), at + KeptVector.AT_ONCE);
              take(step, place, slices.subList(at, end), taker);
            }
          } catch (IOException e) {
            step.sums().lose(place, 0, e);
            step.gradients().lose(place, 0, e);
          } catch (InterruptedException e) {
            throw interrupted("fetched", e);
          }
        });
  }

  /** One thread receives slices, and another takes them. */
  private void take(Step step, BlockManagerId place, List<Integer> slices, Taker taker)
      throws IOException, InterruptedException {
    KeptVector vector = step.sum();
    try (Background takings = jobs.background()) {
      vector.read(
          place,
          slices,
          (slice, parts) -> {
            Tensor piece = received(vector, slice, parts);
            takings.begin(
                () -> {
                  try {
                    taker.take(vector.from(slice), piece.view(0, vector.length(slice)));
                    step.taken().set(slice);
                  } finally {
                    pieces.add(piece);
                  }
                });
          });
    }
  }

  /** A copy of a slice, in one of the pieces, which it waits for. */
  private Tensor received(KeptVector vector, int slice, ByteBuffer[] parts) throws IOException {
    Tensor piece;
    try {
      piece = pieces.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a slice was received", e);
    }
    try {
      SliceBytes.read(parts, piece.view(0, vector.length(slice)), vector.precision());
      return piece;
    } catch (IOException e) {
      pieces.add(piece);
      throw e;
    }
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
