package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.BatchSum;
import org.wordmill.train.RoundMean;
import org.wordmill.train.RoundSync;
import org.wordmill.train.TrainingState;

/**
 * Local steps by one Spark job of one stage a round: the driver offers parameters and the
 * optimizer's state, each task leaves those of its replica in the process that ran it, and the
 * driver fetches them piece by piece for the outer step. Lost executors, retried and speculative
 * tasks change no bit: Spark runs again what fails, and this runs again what was lost after it had
 * been trained.
 */
final class RoundJobs implements RoundSync {
  private final JavaSparkContext spark;
  private final RunSpec spec;
  private final TrainingState state;
  private final StepJobs jobs;
  private final RoundMean mean;
  private final ByteBuffer bytes = ByteBuffer.allocate(KeptVector.SLICE * Float.BYTES);

  /** The round that the outer step has not been made of. */
  private @Nullable ReplicaWork work;

  private KeptResults<KeptReplica> replicas = new KeptResults<>("replicas", 0);

  RoundJobs(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    this.spark = spark;
    this.spec = spec;
    this.state = state;
    this.jobs = new StepJobs(spark, spec, state);
    this.mean = new RoundMean(state);
  }

  @Override
  public String name() {
    return "rounds of " + Plural.of(spec.config().outer().localSteps(), "local step");
  }

  @Override
  public Round train(long first) {
    end();
    List<KeptVector> before = new ArrayList<>();
    StepBlocks blocks = StepBlocks.next();
    for (Tensor vector : state.replicated().values()) {
      // Copied: the outer step changes the state while replicas are read, and may be trained again.
      KeptVector copy = KeptVector.of(blocks, "state" + before.size(), vector);
      copy.keep(vector, true);
      before.add(copy);
    }
    work = new ReplicaWork(spec, before, state.optimizer().updates(), first);
    replicas = new KeptResults<>("replicas", jobs.count());
    train(work);
    return Round.of(replicas.all().stream().map(KeptReplica::trained).toList());
  }

  /** Has those replicas trained that nobody keeps. */
  private void train(ReplicaWork round) {
    List<Integer> wanted = replicas.missing();
    describe(round.first());
    StreamedJob.run(
        spark,
        jobs.partitions(),
        wanted,
        KeptReplica.class,
        number -> round.train(number.next()),
        (partition, replica) -> replicas.found(replica));
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
    ReplicaWork round = work;
    if (round == null) {
      throw new IllegalStateException("no round has been trained");
    }
    mean.apply(
        replicas.all().stream().map(KeptReplica::trained).toList(),
        (replica, vector, from, into) ->
            read(round, replica, round.vector(replica, vector), from, into));
    end();
  }

  /** From whoever keeps it; again until somebody does. */
  private void read(ReplicaWork round, int replica, KeptVector vector, int from, float[] into) {
    int first = from / vector.slice();
    List<Integer> slices =
        IntStream.range(first, first + KeptVector.slices(into.length, vector.slice()))
            .boxed()
            .toList();
    while (true) {
      KeptReplica kept = replicas.get(replica);
      if (kept == null) {
        train(round);
        continue;
      }
      try {
        vector.read(
            kept.place(),
            slices,
            (slice, parts) ->
                SliceBytes.read(
                    SliceBytes.whole(parts, bytes),
                    into,
                    vector.from(slice) - from,
                    vector.length(slice),
                    vector.precision()));
        replicas.attempted(true);
        return;
      } catch (IOException e) {
        replicas.lose(kept.place(), 0, e);
        replicas.attempted(false);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while replicas were averaged", e);
      }
    }
  }

  /** Has what was kept for the round go away. */
  private void end() {
    if (work != null) {
      work.state().get(0).blocks().remove();
      work = null;
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
