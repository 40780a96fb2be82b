package org.wordmill.train;

import org.wordmill.kernel.Kernels;
import org.wordmill.model.TrainableModel;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;

/**
 * All the memory that one thread needs to run a model forward and backward: parameters, gradients,
 * and two tapes. It is large and keeps the places of the step before, so it is kept and handed from
 * task to task; one thread uses it at a time.
 */
public final class ModelWorkspace {
  private final TrainableModel model;
  private final ParameterVector values;
  private final ParameterVector gradients;
  private final Tape trainingTape;
  private final Tape evaluationTape;

  /** With a parameter vector of its own. */
  public ModelWorkspace(TrainableModel model, Kernels kernels) {
    this(
        model,
        kernels,
        new ParameterVector(model.layout(), kernels),
        new ParameterVector(model.layout(), kernels));
  }

  /** On parameters and gradients that somebody else owns, too. */
  public ModelWorkspace(
      TrainableModel model, Kernels kernels, ParameterVector values, ParameterVector gradients) {
    this.model = model;
    this.values = values;
    this.gradients = gradients;
    this.trainingTape = new Tape(kernels, values, gradients);
    this.evaluationTape = Tape.forEvaluation(kernels, values);
  }

  /** Makes the current thread the one that uses this workspace. */
  public void enter() {
    trainingTape.handOver();
    evaluationTape.handOver();
  }

  TrainableModel model() {
    return model;
  }

  /** The parameters, to be filled before a step. */
  public ParameterVector values() {
    return values;
  }

  /** The sum of gradients that the last {@link TrainingStep} left. */
  public ParameterVector gradients() {
    return gradients;
  }

  Tape trainingTape() {
    return trainingTape;
  }

  Tape evaluationTape() {
    return evaluationTape;
  }
}
