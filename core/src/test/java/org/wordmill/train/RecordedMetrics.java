package org.wordmill.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A listener that remembers. */
public final class RecordedMetrics implements TrainingListener {
  private final List<Double> losses = new ArrayList<>();
  private final Map<Long, Double> evaluations = new LinkedHashMap<>();
  private final List<String> notices = new ArrayList<>();
  private final List<StepMetrics> steps = new ArrayList<>();

  @Override
  public void step(StepMetrics metrics) {
    losses.add(metrics.loss());
    steps.add(metrics);
  }

  @Override
  public void evaluated(EvaluationMetrics metrics) {
    evaluations.put(metrics.step(), metrics.validationLoss());
  }

  @Override
  public void notice(String message) {
    notices.add(message);
  }

  /** The loss of every step, in order. */
  public List<Double> losses() {
    return losses;
  }

  public List<StepMetrics> steps() {
    return steps;
  }

  /** Validation losses by step. */
  public Map<Long, Double> evaluations() {
    return evaluations;
  }

  public List<String> notices() {
    return notices;
  }
}
