package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.LearningRate;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.train.Batching;
import org.wordmill.train.GradientSync;
import org.wordmill.train.LocalSync;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TopK;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;
import org.wordmill.train.TrainingLoop;
import org.wordmill.train.TrainingState;
import org.wordmill.train.TrainingText;

/**
 * Workers that are connected directly, as threads of this process, against one thread: bit for bit,
 * whoever dies. The model has four blocks, the last one short, so that every worker owns something.
 */
@ExtendWith(LocalSpark.class)
class DirectSyncTest {
  private static final int STEPS = 11;
  private static final int LIMIT = 60_000;
  private static final TrainingConfig CONFIG =
      new TrainingConfig(
          new TransformerConfig(SmallRun.vocabularySize(), 8, 1, 2, 258, 0.1),
          Batching.of(10, 2),
          SmallRun.config().optimization(),
          SmallRun.withSteps(SmallRun.config(), STEPS).schedule(),
          KernelChoice.AUTO,
          7);

  /** Who shares a machine's memory: all; the first and the third worker; nobody. */
  private enum Hosts {
    ONE,
    TWO,
    APART;

    /** Two names of the same address are two machines to the workers. */
    private String of(int rank) {
      return this == TWO && rank == 1 ? "localhost" : "127.0.0.1";
    }
  }

  private static final TopK SPARSE = new TopK(0.02, 5);

  @TempDir Path folder;
  private final JavaSparkContext spark;
  private final List<String> runs = new ArrayList<>();

  DirectSyncTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Workers as threads; the newest team's can be interrupted, upon which they are gone. */
  private static final class Threads implements DirectCrew {
    private final int workers;
    private final Hosts hosts;

    /** Where there are fewer at the moment: those that are left while the others are awaited. */
    private int left;

    /** How many workers each team had. */
    private final List<Integer> sizes = new ArrayList<>();

    private final List<Thread> newest = new ArrayList<>();
    private String shared;
    private int teams;

    /** Of the next teams, those that are gone before they are there. */
    private int doomed;

    Threads(int workers, Hosts hosts) {
      this.workers = workers;
      this.left = workers;
      this.hosts = hosts;
      this.shared = hosts == Hosts.APART ? "" : "/dev/shm";
    }

    @Override
    public int workers(int before) {
      return before == 0 ? left : workers;
    }

    @Override
    public boolean hasMore(int atWork) {
      return left > atWork;
    }

    @Override
    public synchronized Runnable start(DirectTask task, Consumer<Throwable> ended) {
      teams++;
      sizes.add(task.workers());
      if (doomed-- > 0) {
        ended.accept(new IllegalStateException("the executors are gone"));
        return () -> {};
      }
      List<Thread> threads = new ArrayList<>();
      for (int rank = 0; rank < task.workers(); rank++) {
        DirectWorker worker = new DirectWorker(task, rank);
        String host = hosts.of(rank);
        threads.add(
            DirectDoor.daemon(
                () -> {
                  try {
                    worker.serve(host);
                  } catch (IOException | InterruptedException gone) {
                    // As a process that was killed: it says nothing more.
                  }
                },
                "worker-" + rank));
      }
      newest.clear();
      newest.addAll(threads);
      threads.forEach(Thread::start);
      return () -> threads.forEach(Threads::join);
    }

    synchronized void kill(int rank, boolean wait) {
      newest.get(rank).interrupt();
      if (wait) {
        join(newest.get(rank));
      }
    }

    private static void join(Thread thread) {
      try {
        thread.join(LIMIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @BeforeEach
  void encodeTheText() throws IOException {
    DataParallelTrainer.train(
        spark,
        SmallJob.in(folder, Synchronization.SHARED, SmallRun.withSteps(SmallRun.config(), 1)),
        new RecordedMetrics());
  }

  @AfterEach
  void forget() {
    runs.forEach(ExecutorShare::forget);
  }

  private DirectSync direct(
      TrainingState state, Threads crew, Checkpoints checkpoints, Consumer<String> notices) {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    String run = UUID.randomUUID().toString();
    runs.add(run);
    RunSpec spec =
        new RunSpec(
            run,
            state.config(),
            folder.resolve("run/tokens/training").toUri().toString(),
            folder.resolve("run/tokens/validation").toUri().toString(),
            hadoop);
    DirectNetwork network = new DirectNetwork("127.0.0.1", "127.0.0.1", LIMIT, crew.shared);
    return new DirectSync(
        state,
        crew,
        (workers, heard) -> new DirectTeam(state, spec, crew, workers, network, heard),
        step -> state.takeBack(step, checkpoints),
        notices);
  }

  private Checkpoints checkpoints(String name) {
    return new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), notice -> {});
  }

  private static void loop(
      TrainingState state, GradientSync sync, Checkpoints checkpoints, TrainingListener listener) {
    TrainingText text =
        new TrainingText(TokenizerFiles.write(SmallRun.tokenizer()), 1, SmallRun.training().size());
    new TrainingLoop(state, sync, checkpoints, text, listener).run();
  }

  private RecordedMetrics alone(TrainingState state, String name) {
    RecordedMetrics metrics = new RecordedMetrics();
    try (GradientSync sync = new LocalSync(state, SmallRun.training(), SmallRun.validation())) {
      loop(state, sync, checkpoints(name), metrics);
    }
    return metrics;
  }

  /** The bits of all vectors, where they lie. */
  private static Map<String, ByteBuffer> vectors(TrainingState state) {
    Map<String, ByteBuffer> vectors = new HashMap<>();
    state.vectors().forEach((name, vector) -> vectors.put(name, vector.raw()));
    return vectors;
  }

  private static List<Double> norms(RecordedMetrics metrics) {
    return metrics.steps().stream().map(StepMetrics::gradientNorm).toList();
  }

  private static void assertEqual(RecordedMetrics actual, RecordedMetrics expected, String what) {
    assertThat(actual.losses()).as(what).isEqualTo(expected.losses());
    assertThat(norms(actual)).as(what).isEqualTo(norms(expected));
    assertThat(actual.evaluations()).as(what).isEqualTo(expected.evaluations());
  }

  @Test
  void theRunHasTheBitsOfOneThreadHoweverManyWorkersAndPartitions() {
    assertBitsOfOneThread(CONFIG, TopK.NONE);
  }

  @Test
  void soHasARunThatSendsTheLargestElementsFirst() {
    assertBitsOfOneThread(SmallRun.withSteps(CONFIG, 10), SPARSE);
  }

  private void assertBitsOfOneThread(TrainingConfig base, TopK topK) {
    for (int partitions : new int[] {1, 2, 3, 5}) {
      TrainingConfig config = SmallRun.with(base, new Batching(10, 2, partitions)).withTopK(topK);
      TrainingState expected = new TrainingState(config);
      RecordedMetrics single = alone(expected, "single" + partitions);
      assertThat(single.steps()).anyMatch(step -> step.gradientNorm() > 1);
      for (int workers = 1; workers <= Math.min(3, partitions); workers++) {
        for (Hosts hosts : hosts(workers, topK)) {
          String what = workers + " workers, " + partitions + " partitions, hosts " + hosts;
          TrainingState state = new TrainingState(config);
          RecordedMetrics metrics = new RecordedMetrics();
          Checkpoints checkpoints = checkpoints(what);
          Threads crew = new Threads(workers, hosts);
          try (GradientSync sync = direct(state, crew, checkpoints, metrics::notice)) {
            loop(state, sync, checkpoints, metrics);
          }
          assertEqual(metrics, single, what);
          assertThat(vectors(state)).as(what).isEqualTo(vectors(expected));
          assertThat(metrics.notices()).as(what).isEmpty();
          assertThat(state.kernels().sumOfSquares(state.gradients().flat()))
              .as("the driver holds no gradient")
              .isZero();
        }
      }
    }
  }

  private static List<Hosts> hosts(int workers, TopK topK) {
    if (workers == 1 || topK.isPresent()) {
      return List.of(Hosts.ONE);
    }
    return workers == 2 ? List.of(Hosts.ONE, Hosts.APART) : List.of(Hosts.values());
  }

  @Test
  void whereThereIsNoMemoryToShareConnectionsDo() {
    TrainingConfig config = SmallRun.withSteps(CONFIG, 3);
    TrainingState expected = new TrainingState(config);
    RecordedMetrics single = alone(expected, "single");
    TrainingState state = new TrainingState(config);
    RecordedMetrics metrics = new RecordedMetrics();
    Threads crew = new Threads(2, Hosts.ONE);
    crew.shared = folder.resolve("missing").toString();
    Checkpoints checkpoints = checkpoints("direct");
    try (GradientSync sync = direct(state, crew, checkpoints, metrics::notice)) {
      loop(state, sync, checkpoints, metrics);
    }
    assertEqual(metrics, single, "without memory");
    assertThat(vectors(state)).isEqualTo(vectors(expected));
    assertThat(metrics.notices())
        .hasSize(2)
        .allSatisfy(
            notice ->
                assertThat(notice)
                    .contains("shares no memory with others of its machine, which would take")
                    .contains(crew.shared));
  }

  @Test
  void workersThatDieAtAnyMomentChangeNoBitAndNoStepIsToldTwice() {
    assertBitsWhoeverDies(SmallRun.with(CONFIG, new Batching(10, 2, 3)), Hosts.ONE);
  }

  @Test
  void whatTheyHaveHeldBackIsComputedAgain() {
    assertBitsWhoeverDies(
        SmallRun.with(SmallRun.withSteps(CONFIG, 10), new Batching(10, 2, 3)).withTopK(SPARSE),
        Hosts.TWO);
  }

  private void assertBitsWhoeverDies(TrainingConfig config, Hosts hosts) {
    TrainingState expected = new TrainingState(config);
    RecordedMetrics single = alone(expected, "single");
    TrainingState state = new TrainingState(config);
    Threads crew = new Threads(3, hosts);
    RecordedMetrics metrics = new RecordedMetrics();
    TrainingListener deadly =
        new TrainingListener() {
          @Override
          public void step(StepMetrics step) {
            if (step.step() % 3 == 1) {
              int victim = (int) (step.step() / 3 % 3);
              // Anywhere in the next step, or in the checkpoint before it.
              DirectDoor.daemon(
                      () -> {
                        pause(5 * step.step());
                        crew.kill(victim, false);
                      },
                      "killer")
                  .start();
            }
          }
        };
    Checkpoints checkpoints = checkpoints("direct");
    try (GradientSync sync = direct(state, crew, checkpoints, metrics::notice)) {
      loop(state, sync, checkpoints, TrainingListener.all(List.of(metrics, deadly)));
    }
    assertEqual(metrics, single, "with deaths");
    assertThat(vectors(state)).isEqualTo(vectors(expected));
    assertThat(crew.teams).isBetween(3, 5);
    assertThat(metrics.notices())
        .hasSize(crew.teams - 1)
        .allSatisfy(notice -> assertThat(notice).contains("new workers begin at step"));
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void manyTeamsMayBeLostBeforeOneGetsAnythingDone() {
    TrainingState expected = new TrainingState(CONFIG);
    TrainingState state = new TrainingState(CONFIG);
    Threads crew = new Threads(2, Hosts.ONE);
    List<String> notices = new ArrayList<>();
    try (GradientSync single = new LocalSync(expected, SmallRun.training(), SmallRun.validation());
        GradientSync sync = direct(state, crew, checkpoints("none"), notices::add)) {
      crew.kill(1, true);
      crew.doomed = 4;
      assertThat(sync.gradient(0).squaredNorm()).isEqualTo(single.gradient(0).squaredNorm());
      assertThat(notices).hasSize(1 + 4);
      crew.kill(0, true);
      crew.doomed = 100;
      assertThatThrownBy(() -> sync.gradient(1))
          .isInstanceOfSatisfying(
              WordmillException.class,
              lost -> assertThat(lost.exitCode()).isEqualTo(ExitCode.STORAGE))
          .hasMessageContaining("lost 10 times in a row");
    }
  }

  /** The third team that gets nothing done has waited in vain for whom it lacks. */
  @Test
  void thoseThatAreLeftBeginAloneAndOthersJoinThemAtTheNextCheckpoint() {
    TrainingState expected = new TrainingState(CONFIG);
    TrainingState state = new TrainingState(CONFIG);
    Threads crew = new Threads(2, Hosts.ONE);
    List<String> notices = new ArrayList<>();
    try (GradientSync single = new LocalSync(expected, SmallRun.training(), SmallRun.validation());
        GradientSync sync = direct(state, crew, checkpoints("none"), notices::add)) {
      crew.left = 1;
      for (int step = 0; step < 3; step++) {
        if (step == 1) {
          crew.kill(1, true);
          crew.doomed = 2;
        }
        assertThat(sync.gradient(step).squaredNorm())
            .isEqualTo(single.gradient(step).squaredNorm());
        sync.update(state.optimizer(), 1e-2, 1e-3);
        single.update(expected.optimizer(), 1e-2, 1e-3);
        sync.collect();
        if (step == 1) {
          crew.left = 2;
        }
      }
      assertThat(crew.sizes).containsExactly(2, 2, 2, 1);
      assertThat(notices).hasSize(4).last().asString().contains("more executors");
      assertThat(sync.gradient(3).squaredNorm()).isEqualTo(single.gradient(3).squaredNorm());
      assertThat(crew.sizes).containsExactly(2, 2, 2, 1, 2);
    }
    assertThat(vectors(state)).isEqualTo(vectors(expected));
  }

  /** Half of the state has come when it turns out that the other half will not. */
  @Test
  void aCollectionThatFailsHalfwayIsMadeGoodFromTheCheckpointBefore() {
    TrainingState expected = new TrainingState(CONFIG);
    TrainingState state = new TrainingState(CONFIG);
    Threads crew = new Threads(2, Hosts.ONE);
    List<String> notices = new ArrayList<>();
    try (GradientSync single = new LocalSync(expected, SmallRun.training(), SmallRun.validation());
        GradientSync sync = direct(state, crew, checkpoints("none"), notices::add)) {
      for (int step = 0; step < 3; step++) {
        assertThat(sync.gradient(step).squaredNorm())
            .isEqualTo(single.gradient(step).squaredNorm());
        sync.update(state.optimizer(), 1e-2, 1e-3);
        single.update(expected.optimizer(), 1e-2, 1e-3);
      }
      crew.kill(1, true);
      sync.collect();
      // What was computed by the team that is gone is computed again.
      assertThat(sync.gradient(3).squaredNorm()).isEqualTo(single.gradient(3).squaredNorm());
      crew.kill(0, true);
      // Nobody waits for an update: that it was lost shows with the next gradient.
      sync.update(state.optimizer(), 1e-2, 1e-3);
      single.update(expected.optimizer(), 1e-2, 1e-3);
      assertThat(notices).hasSize(1);
      assertThat(sync.gradient(4).squaredNorm()).isEqualTo(single.gradient(4).squaredNorm());
      sync.collect();
    }
    assertThat(vectors(state)).isEqualTo(vectors(expected));
    assertThat(notices).hasSize(2);
    assertThat(notices.get(0)).contains("new workers begin at step 0 and make 3 updates again");
  }

  @Test
  void whatDivergesDivergesAtTheSameStepWithTheSameWords() {
    TrainingConfig config = SmallRun.with(CONFIG, new LearningRate.Constant(1e30));
    TrainingState state = new TrainingState(config);
    RecordedMetrics metrics = new RecordedMetrics();
    RecordedMetrics single = new RecordedMetrics();
    Checkpoints checkpoints = checkpoints("wild");
    assertThatThrownBy(
            () -> {
              TrainingState alone = new TrainingState(config);
              try (GradientSync sync =
                  new LocalSync(alone, SmallRun.training(), SmallRun.validation())) {
                loop(alone, sync, checkpoints("wild single"), single);
              }
            })
        .hasMessageContaining("diverged");
    assertThatThrownBy(
            () -> {
              try (GradientSync sync =
                  direct(state, new Threads(2, Hosts.ONE), checkpoints, metrics::notice)) {
                loop(state, sync, checkpoints, metrics);
              }
            })
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED));
    assertThat(metrics.losses()).isEqualTo(single.losses());
    assertThat(metrics.notices()).isEqualTo(single.notices());
  }
}
