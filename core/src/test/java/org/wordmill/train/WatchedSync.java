package org.wordmill.train;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.wordmill.optim.Optimizer;

/** Tells of gradients when they have been computed, and of updates when they begin. */
final class WatchedSync implements GradientSync {
  private final GradientSync sync;
  private final Consumer<String> notes;
  private final Gradients gradients;
  private final LongConsumer updates;
  private long step;

  /** What a test makes of a gradient. */
  interface Gradients {
    StepSum after(long step, StepSum sum);
  }

  /**
   * @param updates given the step of an update before it is made
   */
  WatchedSync(
      GradientSync sync, Consumer<String> notes, Gradients gradients, LongConsumer updates) {
    this.sync = sync;
    this.notes = notes;
    this.gradients = gradients;
    this.updates = updates;
  }

  @Override
  public String name() {
    return sync.name();
  }

  @Override
  public StepSum gradient(long next) {
    step = next;
    StepSum sum = sync.gradient(next);
    notes.accept("gradient " + next);
    return gradients.after(next, sum);
  }

  @Override
  public void update(Optimizer optimizer, double gradientScale, double rate) {
    updates.accept(step);
    sync.update(optimizer, gradientScale, rate);
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
