package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.CheckpointStore;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.GatedStore;
import org.wordmill.checkpoint.GatedStore.Act;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.Manifest;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TokenizerFiles;

/**
 * Checkpoints that are written while training goes on: a store that is held up until a certain step
 * has been computed shows what waits for what.
 */
class BackgroundCheckpointsTest {
  /** 16 steps, and a checkpoint every five of them. */
  private static final TrainingConfig CONFIG =
      SmallRun.with(SmallRun.config(), new Schedule(16, 1, 0, 0, 5, 5));

  /** Of the vectors of a checkpoint the one that is read last. */
  private static final String LAST_VECTOR = "5/moment2.f32";

  private static final int SECONDS = 20;

  @TempDir Path folder;

  /** What happened on the thread that trains, in order. */
  private final List<String> events = new ArrayList<>();

  private final List<String> notices = new ArrayList<>();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final Thread trains = Thread.currentThread();
  private boolean openAtUpdate;

  @AfterEach
  void nobodyIsLeft() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("wordmill-checkpoint")) {
        join(thread);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  @Test
  void vectorsAreWrittenWhileTheNextGradientIsComputedAndItsUpdateWaitsForThem() {
    train(
        CONFIG,
        gated(Act.CREATE, LAST_VECTOR),
        state -> watched(state, this::openWhenTheNextUpdateWaits, this::noteTheUpdate));
    assertThat(openAtUpdate).isTrue();
    assertEqualToThoseOfRunsThatEndThere(OuterStep.NONE);
  }

  @Test
  void soAreThoseOfRounds() {
    OuterStep outer = new OuterStep(5, 0.7, 0.9);
    train(
        SmallRun.withSteps(CONFIG, 15).withOuterStep(outer),
        gated(Act.CREATE, "5/outer_momentum.f32"),
        state ->
            new WatchedRounds(
                new LocalRounds(state, List.of(SmallRun.training()), SmallRun.validation())));
    assertThat(openAtUpdate).isTrue();
    assertEqualToThoseOfRunsThatEndThere(outer);
  }

  @Test
  void whatIsCollectedIsWrittenWhileStepsGoOnAndTheNextCollectionWaitsForIt() {
    train(CONFIG, gated(Act.CREATE, LAST_VECTOR), this::elsewhere);
    assertThat(openAtUpdate).isTrue();
    // The step after was made, and the one that decides of the next checkpoint computed.
    assertThat(events)
        .containsSubsequence(
            "collect 5", "step 6", "step 10", "gradient 10", "saved 5", "collect 10", "saved 10");
    assertEqualToThoseOfRunsThatEndThere(OuterStep.NONE);
  }

  @Test
  void stepsGoOnWhileAFileIsSlowToCloseAndTheListenerIsToldAfterwards() {
    train(
        SmallRun.with(CONFIG, new Schedule(16, 1, 0, 0, 10, 5)),
        gated(Act.CLOSE, "10/parameters.f32"),
        state ->
            watched(
                state,
                (step, sum) -> {
                  if (step == 12) {
                    opened.countDown();
                    awaitWriters();
                  }
                  return sum;
                },
                step -> {}));
    assertThat(events).containsSubsequence("step 11", "step 12", "gradient 12", "step 13");
    assertThat(events.indexOf("saved 10")).isEqualTo(events.indexOf("step 13") + 1);
    assertThat(steps()).containsExactly(16L, 10L);
  }

  @Test
  void theNextCheckpointWaitsForTheOneBefore() {
    train(
        CONFIG,
        gated(Act.CLOSE, "5/parameters.f32"),
        state ->
            watched(
                state,
                (step, sum) -> {
                  if (step == 9) {
                    openWhenTheRunWaits();
                  }
                  return sum;
                },
                step -> {}));
    assertThat(events).containsSubsequence("step 10", "saved 5", "gradient 10", "saved 10");
    assertThat(steps()).containsExactly(16L, 15L, 10L, 5L);
  }

  @Test
  void aDraftThatTheNextStepFindsBrokenLeavesNothing() throws IOException {
    CheckpointStore store = gated(Act.CREATE, "5/tokenizer.json");
    opened.countDown();
    assertThatThrownBy(
            () ->
                train(CONFIG, store, state -> watched(state, this::brokenFromStepFive, step -> {})))
        .hasMessageContaining("diverged");
    assertThat(notices).anySatisfy(n -> assertThat(n).contains("no checkpoint at step 5"));
    assertThat(store.directories()).isEmpty();
  }

  private GradientSync.StepSum brokenFromStepFive(long step, GradientSync.StepSum sum) {
    if (step == 5) {
      await(reached);
    }
    return step < 5 ? sum : broken(sum);
  }

  @Test
  void aRunThatDivergesKeepsTheCheckpointThatWasFoundGood() {
    assertThatThrownBy(
            () ->
                train(
                    CONFIG,
                    gated(Act.CLOSE, LAST_VECTOR),
                    state ->
                        watched(
                            state,
                            (step, sum) -> {
                              if (step == 10) {
                                openWhenTheRunWaits();
                              }
                              return step < 6 ? sum : broken(sum);
                            },
                            step -> {})))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED))
        .hasNoSuppressedExceptions();
    assertThat(steps()).containsExactly(5L);
    assertThat(events).endsWith("saved 5");
  }

  @Test
  void aRunThatFailsBeforeADecisionKeepsItsFirstFaultAndNothingOfTheDraft() throws IOException {
    CheckpointStore store = gated(Act.CREATE, LAST_VECTOR);
    IllegalStateException fault = new IllegalStateException("a worker is gone");
    assertThatThrownBy(
            () ->
                train(
                    CONFIG,
                    store,
                    state ->
                        watched(
                            state,
                            (step, sum) -> {
                              if (step == 5) {
                                openWhenTheRunWaits();
                                throw fault;
                              }
                              return sum;
                            },
                            step -> {})))
        .isSameAs(fault)
        .hasNoSuppressedExceptions();
    assertThat(store.directories()).isEmpty();
  }

  @Test
  void aFaultOfTheDraftDoesNotHideThatOfTheRun() {
    assertThatThrownBy(
            () ->
                train(
                    CONFIG,
                    full(Act.CREATE, "5/parameters.f32"),
                    state ->
                        watched(
                            state,
                            (step, sum) -> {
                              if (step == 5) {
                                throw new IllegalStateException("a worker is gone");
                              }
                              return sum;
                            },
                            step -> {})))
        .hasMessage("a worker is gone")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .asString()
                    .contains("No space left on device"));
  }

  @Test
  void aFaultWhileVectorsAreReadEndsTheRunBeforeTheirUpdateAndEarlierOnesStayWhole() {
    assertStorageFault(full(Act.CREATE, "10/moment1.f32"));
    assertThat(events).endsWith("gradient 10").doesNotContain("step 11");
  }

  @Test
  void aFaultAfterThatEndsTheRunAFewStepsLaterAndEarlierOnesStayWhole() {
    assertStorageFault(full(Act.CLOSE, "10/moment1.f32"));
  }

  @Test
  void soDoesAFaultOfTheLastCheckpoint() {
    assertStorageFault(full(Act.CLOSE, "16/manifest.json"));
    assertThat(events).contains("step 16", "saved 10").doesNotContain("saved 16");
  }

  private void assertStorageFault(CheckpointStore store) {
    assertThatThrownBy(
            () -> train(CONFIG, store, state -> watched(state, (s, sum) -> sum, s -> {})))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining("the checkpoint cannot be written: java.io.IOException: No space")
        .hasMessageContaining("earlier checkpoints are untouched")
        .hasNoSuppressedExceptions();
    assertThat(events).contains("saved 5");
    assertThat(steps()).contains(5L);
    TrainingState state = new TrainingState(CONFIG);
    assertThat(checkpoints("run").restoreNewest(state.vectors())).isPresent();
  }

  @Test
  void anInterruptedRunFinishesWhatWasFoundGoodAndStaysInterrupted() {
    assertThatThrownBy(
            () ->
                train(
                    CONFIG,
                    gated(Act.CLOSE, LAST_VECTOR),
                    state ->
                        watched(
                            state,
                            (step, sum) -> {
                              if (step == 7) {
                                openWhenTheRunWaits();
                                Thread.currentThread().interrupt();
                                throw new IllegalStateException("interrupted");
                              }
                              return sum;
                            },
                            step -> {})))
        .hasMessage("interrupted")
        .hasNoSuppressedExceptions();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(steps()).containsExactly(5L);
  }

  private GradientSync.StepSum openWhenTheNextUpdateWaits(long step, GradientSync.StepSum sum) {
    if (step == 5) {
      await(reached);
      openWhenTheRunWaits();
    }
    return sum;
  }

  private void noteTheUpdate(long step) {
    if (step == 5) {
      openAtUpdate = opened.getCount() == 0;
    }
  }

  private static GradientSync.StepSum broken(GradientSync.StepSum sum) {
    return new GradientSync.StepSum(
        new BatchSum(Double.NaN, sum.sum().tokens()),
        sum.squaredNorm(),
        sum.gradientSeconds(),
        sum.inputSeconds());
  }

  /** Has the gate opened as soon as the thread that trains waits for it. */
  private void openWhenTheRunWaits() {
    Thread opener =
        new Thread(
            () -> {
              long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
              while (trains.getState() != Thread.State.WAITING && System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              opened.countDown();
            });
    opener.setDaemon(true);
    opener.start();
  }

  private static void awaitWriters() {
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("wordmill-checkpoint"))
        .forEach(BackgroundCheckpointsTest::join);
  }

  private static void join(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Holds one file up until the gate is opened. */
  private CheckpointStore gated(Act act, String file) {
    return new GatedStore(
        new LocalCheckpointStore(folder.resolve("run")),
        (what, name) -> {
          if (what == act && name.equals(file)) {
            reached.countDown();
            await(opened);
          }
        });
  }

  /** Has no room for one file. */
  private CheckpointStore full(Act act, String file) {
    return new GatedStore(
        new LocalCheckpointStore(folder.resolve("run")),
        (what, name) -> {
          if (what == act && name.equals(file)) {
            throw new IOException("No space left on device");
          }
        });
  }

  private Checkpoints checkpoints(String name) {
    return new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), notice -> {});
  }

  private List<Long> steps() {
    return checkpoints("run").list().stream().map(Manifest::step).toList();
  }

  /** Where nothing is written beside a step, because none follows. */
  private void assertEqualToThoseOfRunsThatEndThere(OuterStep outer) {
    List<Manifest> made = checkpoints("run").list();
    assertThat(made).extracting(Manifest::step).contains(5L, 10L);
    for (Manifest manifest : made) {
      String name = "until" + manifest.step();
      Schedule until = new Schedule(manifest.step(), 1, 0, 0, 0, 5);
      SmallRun.train(
          SmallRun.with(CONFIG, until).withOuterStep(outer), folder.resolve(name), false);
      Manifest expected = checkpoints(name).list().get(0);
      assertThat(manifest.files()).isEqualTo(expected.files());
      assertThat(manifest.history()).isEqualTo(expected.history());
      assertThat(manifest.progress("updates")).isEqualTo(manifest.step());
      assertThat(manifest.progress("tokens")).isEqualTo(expected.progress("tokens"));
    }
  }

  private interface Syncs {
    WorkerSync of(TrainingState state);
  }

  private static GradientSync local(TrainingState state) {
    return new LocalSync(state, SmallRun.training(), SmallRun.validation());
  }

  private void train(TrainingConfig config, CheckpointStore store, Syncs syncs) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(StepMetrics metrics) {
            note("step " + metrics.step());
          }

          @Override
          public void saved(long step, String directory) {
            note("saved " + step);
            assertThat(directory).startsWith("step-").contains("%08d.".formatted(step));
          }

          @Override
          public void notice(String message) {
            notices.add(message);
          }
        };
    TrainingText text =
        new TrainingText(TokenizerFiles.write(SmallRun.tokenizer()), 1, SmallRun.training().size());
    TrainingState state = new TrainingState(config);
    try (WorkerSync sync = syncs.of(state)) {
      new TrainingLoop(state, sync, new Checkpoints(store, notices::add), text, listener).run();
    }
  }

  private void note(String event) {
    assertThat(Thread.currentThread()).isSameAs(trains);
    events.add(event);
  }

  /** Tells of the updates of rounds when they begin. */
  private final class WatchedRounds implements RoundSync {
    private final RoundSync sync;
    private long first;

    WatchedRounds(RoundSync sync) {
      this.sync = sync;
    }

    @Override
    public String name() {
      return sync.name();
    }

    @Override
    public Round train(long next) {
      first = next;
      Round round = sync.train(next);
      if (next == 5) {
        await(reached);
        openWhenTheRunWaits();
      }
      return round;
    }

    @Override
    public void update() {
      noteTheUpdate(first);
      sync.update();
    }

    @Override
    public BatchSum validate(long after) {
      return sync.validate(after);
    }

    @Override
    public void close() {
      sync.close();
    }
  }

  private GradientSync watched(
      TrainingState state, WatchedSync.Gradients gradients, LongConsumer updates) {
    return new WatchedSync(local(state), this::note, gradients, updates);
  }

  private GradientSync elsewhere(TrainingState state) {
    return new ElsewhereSync(
        state,
        this::note,
        step -> {
          if (step == 10) {
            await(reached);
            openWhenTheRunWaits();
          }
        },
        step -> {
          if (step == 10) {
            openAtUpdate = opened.getCount() == 0;
          }
        });
  }
}
