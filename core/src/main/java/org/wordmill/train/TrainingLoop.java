package org.wordmill.train;

import java.util.Optional;
import java.util.OptionalDouble;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Training as such: gradient, clipping, update; evaluation and checkpoints when the schedule says.
 * Where the gradients come from is the affair of a {@link GradientSync}, so one process and a
 * cluster run the same loop. With a {@link RoundSync} it goes from round to round, and tells the
 * steps of a round when it ends, each with an equal share of its time.
 *
 * <p>A step whose loss or gradient is not finite, or an outlier where those are looked for, changes
 * nothing but the counters. A checkpoint is written while training goes on, and its vectors before
 * an update changes them; it counts only when the loss and gradient of the following step have
 * shown that its parameters are good, so every checkpoint is one to go on from. The last one, which
 * no step follows, has finite parameters and, where it was evaluated, a finite loss. However a run
 * ends, the checkpoint it was writing is finished, or deleted if it does not count.
 */
public final class TrainingLoop {
  private final TrainingState state;
  private final WorkerSync sync;
  private final Checkpoints checkpoints;
  private final TrainingText text;
  private final TrainingListener listener;
  private final Optimization optimization;
  private final Schedule schedule;
  private final Saving saving;
  private final StepTimes times = new StepTimes();
  private OptionalDouble best = OptionalDouble.empty();
  private double lastLoss = Double.NaN;
  private boolean lastIsSpike;

  /**
   * @param sync a {@link RoundSync} where the configuration says local steps, else a {@link
   *     GradientSync}
   */
  public TrainingLoop(
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
    this.optimization = state.config().optimization();
    this.schedule = state.config().schedule();
    this.saving = new Saving(state, sync, checkpoints, text, listener);
  }

  /**
   * Trains until the schedule's last step.
   *
   * @throws WordmillException DIVERGED when too many steps in a row are not finite; STORAGE when a
   *     checkpoint cannot be written, which may be told some steps later
   */
  public TrainingReport run() {
    try {
      return train();
    } catch (RuntimeException | Error e) {
      saving.endAfter(e);
      throw e;
    }
  }

  private TrainingReport train() {
    long begin = System.nanoTime();
    long parameters = state.model().layout().parameterCount();
    listener.started(state.config(), state.step(), parameters, sync.name());
    OptionalDouble validationLoss = OptionalDouble.empty();
    if (state.step() > 0) {
      best = bestOfCheckpoints();
    } else if (schedule.evaluationInterval() > 0) {
      validate();
    }
    while (state.step() < schedule.steps()) {
      if (sync instanceof RoundSync rounds) {
        round(rounds);
      } else {
        step((GradientSync) sync);
      }
      validationLoss = finishStep();
    }
    saving.end();
    return new TrainingReport(
        state.step(),
        state.tokens(),
        parameters,
        lastLoss,
        validationLoss,
        best,
        state.skipped(),
        secondsSince(begin),
        times.take());
  }

  private OptionalDouble bestOfCheckpoints() {
    return checkpoints.best().stream()
        .filter(manifest -> manifest.step() <= state.step())
        .mapToDouble(manifest -> manifest.validationLoss().orElseThrow())
        .findFirst();
  }

  private void step(GradientSync gradients) {
    long begin = System.nanoTime();
    long step = state.step();
    GradientSync.StepSum result = gradients.gradient(step);
    BatchSum sum = result.sum();
    double norm = Math.sqrt(result.squaredNorm()) / sum.tokens();
    double rate = optimization.learningRate().at(step);
    boolean finite = Double.isFinite(sum.meanLoss()) && Double.isFinite(norm);
    Optional<String> spike =
        finite ? state.spikes().objection(sum.meanLoss(), norm) : Optional.empty();
    saving.decide(finite && spike.isEmpty());
    if (finite && spike.isEmpty()) {
      saving.awaitRead();
      double scale = optimization.clipping().factor(norm) / sum.tokens();
      gradients.update(state.optimizer(), scale, rate);
    }
    finish(
        new LocalStep(sum, norm, finite, result.inputSeconds()),
        spike,
        secondsSince(begin),
        result.gradientSeconds());
  }

  private void round(RoundSync rounds) {
    long begin = System.nanoTime();
    RoundSync.Round round = rounds.train(state.step());
    // The first of its steps was made with the parameters that may be due.
    saving.decide(round.steps().get(0).finite());
    saving.awaitRead();
    rounds.update();
    double share = 1.0 / round.steps().size();
    double seconds = share * secondsSince(begin);
    for (LocalStep step : round.steps()) {
      finish(step, Optional.empty(), seconds, share * round.seconds());
    }
  }

  /**
   * Counts a step, and tells of it.
   *
   * @param made the step, whose loss and gradient are finite if they were so everywhere
   * @param seconds of the step, of which {@code computing} were not synchronisation
   */
  private void finish(LocalStep made, Optional<String> spike, double seconds, double computing) {
    BatchSum sum = made.sum();
    double loss = sum.meanLoss();
    double rate = optimization.learningRate().at(state.step());
    if (made.finite() && spike.isEmpty()) {
      state.advance(sum.tokens(), loss, made.norm());
    } else {
      state.skip(sum.tokens());
    }
    lastLoss = loss;
    times.add(seconds);
    listener.step(
        new StepMetrics(
            state.step(),
            loss,
            rate,
            made.norm(),
            state.tokens(),
            (double) state.step() * state.config().batching().sequences() / text.windows(),
            seconds,
            sum.tokens() / seconds,
            Math.max(0, seconds - computing),
            made.inputSeconds(),
            made.finite(),
            spike.isPresent(),
            state.skipped()));
    state
        .epoch()
        .add(state.step(), sum, state.config().batching().sequences(), text.windows())
        .ifPresent(listener::epoch);
    lastIsSpike = spike.isPresent();
    if (!made.finite()) {
      refuseToDiverge("the loss is " + loss + " and the norm of the gradient " + made.norm(), "");
    }
    spike.ifPresent(
        what -> refuseToDiverge(what, ", or raise optimization.spike_threshold, and resume"));
  }

  private void refuseToDiverge(String found, String otherwise) {
    String what = found + " at step " + state.step();
    if (state.skippedInARow() >= optimization.nonFiniteLimit()) {
      throw new WordmillException(
          ExitCode.DIVERGED,
          "training diverged: " + what + ", the " + state.skippedInARow() + ". such step in a row",
          checkpoints.location(),
          "lower the learning rate or lengthen the warm-up"
              + (otherwise.isEmpty() ? ", and resume" : otherwise)
              + "; checkpoints are untouched");
    }
    listener.notice(what + "; the update is skipped");
  }

  /** Evaluates when it is time, and has saved what is due; returns the validation loss. */
  private OptionalDouble finishStep() {
    saving.tell();
    long step = state.step();
    OptionalDouble loss = OptionalDouble.empty();
    boolean improved = false;
    if (schedule.evaluatesAt(step)) {
      OptionalDouble before = best;
      loss = OptionalDouble.of(validate());
      improved = !best.equals(before);
    }
    if (improved || schedule.savesAt(step)) {
      // An outlier casts doubt on the parameters, but the work of a whole run is not lost for it.
      boolean skipped = state.skippedInARow() > 0 && !(lastIsSpike && step == schedule.steps());
      saving.due(loss, skipped || (loss.isPresent() && !Double.isFinite(loss.getAsDouble())));
    }
    return loss;
  }

  private double validate() {
    long begin = System.nanoTime();
    BatchSum sum = sync.validate(state.step());
    double loss = sum.meanLoss();
    boolean improves = Double.isFinite(loss) && (best.isEmpty() || loss < best.getAsDouble());
    if (improves) {
      best = OptionalDouble.of(loss);
    }
    listener.evaluated(
        new EvaluationMetrics(state.step(), loss, sum.tokens(), secondsSince(begin), improves));
    return loss;
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) * 1e-9;
  }
}
