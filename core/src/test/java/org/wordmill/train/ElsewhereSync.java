package org.wordmill.train;

import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.Optimizer;

/** Updates a state of its own, as workers do that are connected directly. */
final class ElsewhereSync implements GradientSync {
  private final TrainingState state;
  private final TrainingState theirs;
  private final GradientSync sync;
  private final Consumer<String> notes;
  private final LongConsumer afterGradient;
  private final LongConsumer beforeCollection;

  /**
   * @param afterGradient given the step whose gradient has been computed
   * @param beforeCollection given the step whose state is about to be collected
   */
  ElsewhereSync(
      TrainingState state,
      Consumer<String> notes,
      LongConsumer afterGradient,
      LongConsumer beforeCollection) {
    this.state = state;
    this.theirs = new TrainingState(state.config());
    this.sync = new LocalSync(theirs, SmallRun.training(), SmallRun.validation());
    this.notes = notes;
    this.afterGradient = afterGradient;
    this.beforeCollection = beforeCollection;
  }

  @Override
  public String name() {
    return "elsewhere";
  }

  @Override
  public boolean updatesElsewhere() {
    return true;
  }

  @Override
  public StepSum gradient(long step) {
    StepSum sum = sync.gradient(step);
    notes.accept("gradient " + step);
    afterGradient.accept(step);
    return sum;
  }

  @Override
  public void update(Optimizer optimizer, double gradientScale, double rate) {
    optimizer.begin();
    sync.update(theirs.optimizer(), gradientScale, rate);
  }

  @Override
  public void collect() {
    notes.accept("collect " + state.step());
    beforeCollection.accept(state.step());
    Iterator<Tensor> from = theirs.vectors().values().iterator();
    state.vectors().values().forEach(vector -> vector.copyFrom(from.next()));
  }

  @Override
  public BatchSum validate(long step) {
    return sync.validate(step);
  }

  @Override
  public void close() {
    sync.close();
  }
}
