package org.wordmill.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.wordmill.train.EvaluationMetrics;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;

/**
 * What can be read of the training of this process at any time, by any thread: the numbers of the
 * step that was made last. Before the first step, and what no step has told, is NaN; counts are 0.
 *
 * <p>Spark makes its plugins itself, and a process has one driver: so the process has one of these,
 * and of several trainings it shows the one that made a step last.
 */
final class TrainingGauges implements TrainingListener {
  private static final TrainingGauges OF_PROCESS = new TrainingGauges();

  private volatile long step;
  private volatile long tokens;
  private volatile long skippedSteps;
  private volatile double loss = Double.NaN;
  private volatile double validationLoss = Double.NaN;
  private volatile double tokensPerSecond = Double.NaN;
  private volatile double gradientNorm = Double.NaN;
  private volatile double learningRate = Double.NaN;

  private TrainingGauges() {}

  /** Keeps the gauges up with a training. */
  static TrainingListener listener() {
    return OF_PROCESS;
  }

  /** Each gauge by its name. */
  static Map<String, Supplier<Number>> all() {
    TrainingGauges gauges = OF_PROCESS;
    Map<String, Supplier<Number>> all = new LinkedHashMap<>();
    all.put("step", () -> gauges.step);
    all.put("tokens", () -> gauges.tokens);
    all.put("skippedSteps", () -> gauges.skippedSteps);
    all.put("loss", () -> gauges.loss);
    all.put("validationLoss", () -> gauges.validationLoss);
    all.put("tokensPerSecond", () -> gauges.tokensPerSecond);
    all.put("gradientNorm", () -> gauges.gradientNorm);
    all.put("learningRate", () -> gauges.learningRate);
    return all;
  }

  @Override
  public void started(TrainingConfig config, long stepsBefore, long parameters, String sync) {
    step = stepsBefore;
    tokens = 0;
    skippedSteps = 0;
    loss = Double.NaN;
    validationLoss = Double.NaN;
    tokensPerSecond = Double.NaN;
    gradientNorm = Double.NaN;
    learningRate = Double.NaN;
  }

  @Override
  public void step(StepMetrics metrics) {
    loss = metrics.loss();
    gradientNorm = metrics.gradientNorm();
    learningRate = metrics.learningRate();
    tokensPerSecond = metrics.tokensPerSecond();
    tokens = metrics.tokens();
    if (!metrics.updated()) {
      skippedSteps = skippedSteps + 1;
    }
    step = metrics.step();
  }

  @Override
  public void evaluated(EvaluationMetrics metrics) {
    validationLoss = metrics.validationLoss();
  }
}
