package org.wordmill.train;

import java.util.List;
import org.wordmill.kernel.MatrixRate;

/** Who is told how training goes. Calls come from the thread that trains, in order. */
public interface TrainingListener {

  /**
   * Training begins, or goes on.
   *
   * @param step the steps made before
   * @param parameters of the model that are learned
   * @param sync the name of the way gradients are added up
   */
  default void started(TrainingConfig config, long step, long parameters, String sync) {}

  /** The training text is a mix; told before training begins or goes on. */
  default void mixed(MixPlan mix) {}

  /**
   * What this machine does in large matrix products; told before training begins or goes on, where
   * all of it is on this machine and somebody has measured.
   */
  default void measured(MatrixRate machine) {}

  default void step(StepMetrics metrics) {}

  default void evaluated(EvaluationMetrics metrics) {}

  /** An epoch ends; of several that end with one step, the last. */
  default void epoch(EpochMetrics metrics) {}

  /**
   * A checkpoint has been written, while training may have gone on.
   *
   * @param step that it is of
   * @param directory its name in its store
   */
  default void saved(long step, String directory) {}

  /** Something worth a sentence: a damaged checkpoint passed over, a step skipped. */
  default void notice(String message) {}

  /** Tells each of {@code listeners}, in their order. */
  static TrainingListener all(List<TrainingListener> listeners) {
    List<TrainingListener> all = List.copyOf(listeners);
    return new TrainingListener() {
      @Override
      public void started(TrainingConfig config, long step, long parameters, String sync) {
        all.forEach(listener -> listener.started(config, step, parameters, sync));
      }

      @Override
      public void mixed(MixPlan mix) {
        all.forEach(listener -> listener.mixed(mix));
      }

      @Override
      public void measured(MatrixRate machine) {
        all.forEach(listener -> listener.measured(machine));
      }

      @Override
      public void step(StepMetrics metrics) {
        all.forEach(listener -> listener.step(metrics));
      }

      @Override
      public void evaluated(EvaluationMetrics metrics) {
        all.forEach(listener -> listener.evaluated(metrics));
      }

      @Override
      public void epoch(EpochMetrics metrics) {
        all.forEach(listener -> listener.epoch(metrics));
      }

      @Override
      public void saved(long step, String directory) {
        all.forEach(listener -> listener.saved(step, directory));
      }

      @Override
      public void notice(String message) {
        all.forEach(listener -> listener.notice(message));
      }
    };
  }
}
