package org.wordmill.train;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.wordmill.checkpoint.CheckpointDraft;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.error.WordmillException;

/**
 * The checkpoints of a run in the making, at most one at a time. A draft begins when a checkpoint
 * is due, and is written while the next step is computed, whose numbers decide whether it counts.
 * Where {@link WorkerSync#updatesElsewhere}, it begins with that decision, because only then the
 * state is collected.
 *
 * <p>For the thread that trains, which alone is told of what another thread has written: listeners
 * hear of a checkpoint a few steps late.
 */
final class Saving {
  private final TrainingState state;
  private final WorkerSync sync;
  private final Checkpoints checkpoints;
  private final TrainingText text;
  private final TrainingListener listener;
  private boolean isDue;
  private OptionalDouble loss = OptionalDouble.empty();
  private @Nullable CheckpointDraft draft;

  Saving(
      TrainingState state,
      WorkerSync sync,
      Checkpoints checkpoints,
      TrainingText text,
      TrainingListener listener) {
    this.state = state;
    this.sync = sync;
    this.checkpoints = checkpoints;
    this.text = text;
    this.listener = listener;
  }

  /**
   * A checkpoint of the steps made so far is due.
   *
   * @param validationLoss at this step, when it was evaluated
   * @param doubtful whether it is clear already that it would be no good
   */
  void due(OptionalDouble validationLoss, boolean doubtful) {
    isDue = true;
    loss = validationLoss;
    if (doubtful) {
      decide(false);
    } else if (!sync.updatesElsewhere()) {
      begin();
    }
  }

  /** Says whether the parameters of the checkpoint that is due, if one is, have proved good. */
  void decide(boolean good) {
    if (!isDue) {
      return;
    }
    isDue = false;
    if (!good) {
      listener.notice(
          "no checkpoint at step "
              + state.step()
              + ", because its numbers or those of the next step are not finite or outliers");
    } else if (sync.updatesElsewhere()) {
      collect();
      begin();
    }
    CheckpointDraft undecided = draft;
    if (undecided != null) {
      // One from before has its decision, and keeps it.
      undecided.decide(good);
    }
  }

  /** The vectors that a draft reads must not change, and a torn collection needs the last draft. */
  private void collect() {
    finish();
    sync.collect();
  }

  private void begin() {
    finish();
    draft = checkpoints.begin(state.snapshot(text, loss));
  }

  /**
   * Waits until the run's vectors may change.
   *
   * @throws WordmillException STORAGE when a checkpoint could not be written
   */
  void awaitRead() {
    CheckpointDraft reading = draft;
    if (reading != null && !sync.updatesElsewhere()) {
      reading.awaitRead();
    }
  }

  /**
   * Tells of a checkpoint that has been written meanwhile.
   *
   * @throws WordmillException STORAGE when it could not be
   */
  void tell() {
    CheckpointDraft writing = draft;
    if (writing != null && writing.isDone()) {
      finish();
    }
  }

  /** Ends a draft that has been decided, and tells of it. */
  private void finish() {
    CheckpointDraft ending = draft;
    if (ending == null) {
      return;
    }
    draft = null;
    ending
        .finish()
        .ifPresent(
            directory -> {
              listener.saved(ending.step(), directory);
              checkpoints.retain(state.config().schedule().keepLast());
            });
  }

  /** The last step has been made. That no step follows makes parameters good that are finite. */
  void end() {
    if (isDue) {
      if (sync.updatesElsewhere()) {
        collect();
      }
      decide(new VectorBlocks(state.values().flat()).isFinite());
    }
    finish();
  }

  /**
   * The run ends by {@code fault}: a checkpoint that is known to be good is written to its end, one
   * that is not is deleted.
   */
  void endAfter(Throwable fault) {
    // Who interrupts the run does not mean what it has finished.
    boolean interrupted = Thread.interrupted();
    CheckpointDraft last = draft;
    if (last != null) {
      last.decide(false);
    }
    try {
      finish();
    } catch (RuntimeException | Error e) {
      if (e != fault) {
        fault.addSuppressed(e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
