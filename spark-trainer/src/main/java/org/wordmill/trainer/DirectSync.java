package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.optim.Optimizer;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;

/**
 * Synchronous data-parallel training by workers that stay: a barrier stage as long as the training,
 * whose tasks exchange slices of gradients and parameters with each other. The driver says what is
 * next, and holds the run's state as of the last {@link #collect}, that is, of the last checkpoint.
 *
 * <p>When a worker or a connection is lost, the team ends and another begins with the state that
 * the driver holds; it makes the steps since then again, silently, with the scales and rates that
 * they had: the same functions of the same numbers, so nobody can tell that they were made twice.
 */
final class DirectSync implements GradientSync {
  /** Teams that may fail one after the other by what a worker tells of: as Spark's tasks may. */
  private static final int FAULTS = 4;

  /** Teams that may lose a worker, one after the other, before they have got anything done. */
  private static final int LOSSES = 10;

  /**
   * Of these, those after which a team waits for the workers that are gone. Where more are lost
   * while it waits, those that are left do better to begin at once.
   */
  private static final int PATIENCE = 2;

  private final TrainingState state;
  private final DirectCrew crew;
  private final Teams teams;
  private final LongConsumer takeBack;
  private final Consumer<String> notices;
  private final Queue<String> heard;
  private final List<Update> since = new ArrayList<>();
  private @Nullable DirectTeam team;
  private int workers;
  private int faults;
  private int losses;
  private long collectedStep;
  private long collectedUpdates;
  private boolean torn;
  private long step;
  private boolean hasGradient;

  /** An update made since the driver has held the whole state. */
  private record Update(long step, double gradientScale, double rate) {}

  /** Starts a team. */
  @FunctionalInterface
  interface Teams {
    /**
     * @param heard where other threads may leave notices
     */
    DirectTeam start(int workers, Consumer<String> heard) throws IOException;
  }

  private interface Work<T> {
    T with(DirectTeam team) throws DirectFailure, InterruptedException;
  }

  /**
   * Starts the first team.
   *
   * @param crew what the teams are made of
   * @param takeBack gives the run's vectors the values that they had after an earlier step
   * @param notices told on the calling thread
   */
  DirectSync(
      TrainingState state,
      DirectCrew crew,
      Teams teams,
      LongConsumer takeBack,
      Consumer<String> notices) {
    this.state = state;
    this.crew = crew;
    this.teams = teams;
    this.takeBack = takeBack;
    this.notices = notices;
    this.heard = new ConcurrentLinkedQueue<>();
    this.collectedStep = state.step();
    this.collectedUpdates = state.optimizer().updates();
    persist(ready -> ready);
  }

  @Override
  public String name() {
    return "direct, " + Plural.of(workers, "worker");
  }

  /** Does something with the team at hand, or, should that fail, with the next. */
  private <T> T persist(Work<T> work) {
    while (true) {
      try {
        T result = work.with(team());
        faults = 0;
        losses = 0;
        return result;
      } catch (DirectFailure e) {
        giveUp(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the training was interrupted", e);
      } finally {
        tellNotices();
      }
    }
  }

  private DirectTeam team() throws DirectFailure, InterruptedException {
    DirectTeam ready = team;
    if (ready != null) {
      return ready;
    }
    if (torn) {
      takeBack.accept(collectedStep);
      torn = false;
    }
    hasGradient = false;
    try {
      int most = crew.workers(losses <= PATIENCE ? workers : 0);
      ready = teams.start(most, heard::add);
    } catch (IOException e) {
      throw new DirectFailure("no team can be started: " + e, e);
    }
    team = ready;
    workers = ready.workers();
    ready.meet(collectedUpdates);
    for (Update update : since) {
      ready.gradient(update.step());
      ready.update(update.gradientScale(), update.rate());
    }
    return ready;
  }

  private void giveUp(DirectFailure failure) {
    close();
    faults += failure.isFault() ? 1 : 0;
    losses += failure.isFault() ? 0 : 1;
    if (faults < FAULTS && losses < LOSSES) {
      notices.accept(
          failure.getMessage()
              + "; new workers begin at step "
              + collectedStep
              + (since.isEmpty()
                  ? ""
                  : " and make " + Plural.of(since.size(), "update") + " again"));
      return;
    }
    if (failure.getCause() instanceof WordmillException fault) {
      throw fault;
    }
    if (failure.isFault()) {
      throw new IllegalStateException(
          "workers failed " + faults + " times in a row: " + failure.getMessage(), failure);
    }
    throw new WordmillException(
        ExitCode.STORAGE,
        "workers were lost " + losses + " times in a row before they had made a step",
        String.valueOf(failure.getMessage()),
        "--resume goes on from the last checkpoint when the cluster keeps its executors for longer",
        failure);
  }

  private void tellNotices() {
    for (String notice = heard.poll(); notice != null; notice = heard.poll()) {
      notices.accept(notice);
    }
  }

  @Override
  public StepSum gradient(long next) {
    step = next;
    hasGradient = false;
    return persist(this::computeGradient).step();
  }

  private DirectSums computeGradient(DirectTeam ready) throws DirectFailure, InterruptedException {
    DirectSums sums = ready.gradient(step);
    hasGradient = true;
    return sums;
  }

  @Override
  public void update(Optimizer optimizer, double gradientScale, double rate) {
    optimizer.begin();
    persist(
        ready -> {
          if (!hasGradient) {
            // The team that has computed it is gone.
            computeGradient(ready);
          }
          ready.update(gradientScale, rate);
          return ready;
        });
    since.add(new Update(step, gradientScale, rate));
  }

  @Override
  public BatchSum validate(long after) {
    return persist(DirectTeam::validate).sum();
  }

  @Override
  public boolean updatesElsewhere() {
    return true;
  }

  @Override
  public void collect() {
    if (since.isEmpty()) {
      return;
    }
    persist(
        ready -> {
          torn = true;
          ready.collect();
          torn = false;
          return ready;
        });
    since.clear();
    collectedStep = state.step();
    collectedUpdates = state.optimizer().updates();
    if (crew.hasMore(workers)) {
      // There is nothing to make again now.
      notices.accept("there are more executors now: new workers go on from step " + collectedStep);
      close();
    }
  }

  @Override
  public void close() {
    DirectTeam last = team;
    team = null;
    if (last != null) {
      last.close();
    }
  }
}
