package org.wordmill.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.model.TrainableModel;
import org.wordmill.optim.Optimizer;
import org.wordmill.optim.UpdateRule;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Recomputation;
import org.wordmill.tape.StepArena;
import org.wordmill.tape.StepPlan;
import org.wordmill.tape.Tape;
import org.wordmill.tape.TapeWatch;
import org.wordmill.tape.Variable;

/**
 * All the memory that one thread needs to run a model forward and backward: parameters, gradients,
 * and an arena for the steps of two tapes, planned when ids of a shape come for the first time. It
 * is large, so it is kept and handed from task to task; one thread uses it at a time.
 */
public final class ModelWorkspace {
  /** Shapes whose plans are remembered. */
  private static final int SHAPES = 8;

  private record Shape(int batch, int time) {}

  private record Plans(StepPlan training, StepPlan evaluation) {}

  private final TrainableModel model;
  private final Kernels kernels;
  private final ParameterVector values;
  private final ParameterVector gradients;
  private final Recomputation recomputation;
  private final Tape trainingTape;
  private final Tape evaluationTape;
  private final StepArena arena;
  private final Map<Shape, Plans> plans = new LinkedHashMap<>();
  private @Nullable Optimizer optimizer;
  private long inputNanos;

  /** With a parameter vector of its own, for steps that recompute nothing. */
  public ModelWorkspace(TrainableModel model, Kernels kernels) {
    this(model, kernels, Recomputation.NONE);
  }

  /** With a parameter vector of its own. */
  public ModelWorkspace(TrainableModel model, Kernels kernels, Recomputation recomputation) {
    this(
        model,
        kernels,
        recomputation,
        new ParameterVector(model.layout(), kernels),
        new ParameterVector(model.layout(), kernels));
  }

  /** On parameters and gradients that somebody else owns, too. */
  public ModelWorkspace(
      TrainableModel model,
      Kernels kernels,
      Recomputation recomputation,
      ParameterVector values,
      ParameterVector gradients) {
    this.model = model;
    this.kernels = kernels;
    this.recomputation = recomputation;
    this.values = values;
    this.gradients = gradients;
    this.trainingTape = new Tape(kernels, values, gradients, recomputation);
    this.evaluationTape = Tape.forEvaluation(kernels, values);
    this.arena = new StepArena(kernels);
  }

  /** Makes the current thread the one that uses this workspace. */
  public void enter() {
    trainingTape.handOver();
    evaluationTape.handOver();
  }

  /** Tells {@code listener} from now on how long the calls of training take. */
  void watch(TapeWatch listener) {
    trainingTape.watch(listener);
  }

  /** The parameters, to be filled before a step. */
  public ParameterVector values() {
    return values;
  }

  /** The sum of gradients that the last {@link TrainingStep} left. */
  public ParameterVector gradients() {
    return gradients;
  }

  /** The sum of the squares of the gradients. */
  double squaredNorm() {
    return new VectorBlocks(gradients.flat()).sumOfSquares(kernels);
  }

  /**
   * An optimizer of these parameters, for those who make steps of their own here: made when it is
   * first asked for, with whatever state the last one left.
   *
   * @param rule always the same
   */
  Optimizer optimizer(UpdateRule rule) {
    if (optimizer == null) {
      optimizer = new Optimizer(rule, kernels, values, gradients);
    }
    return optimizer;
  }

  /** Bytes for the values and gradients of a step. */
  public long stepBytes() {
    return arena.bytes();
  }

  /** Seconds that the last {@link TrainingStep} spent in getting its tokens. */
  public double inputSeconds() {
    return inputNanos * 1e-9;
  }

  /** What {@link #inputSeconds} tells. */
  void setInputNanos(long nanoseconds) {
    this.inputNanos = nanoseconds;
  }

  /**
   * Runs the model forward and backward, adds to the gradients, and returns the loss.
   *
   * @param seed of random choices
   */
  double train(Ids inputs, Ids targets, long seed) {
    trainingTape.reset(seed, plans(inputs).training(), arena);
    Variable loss = model.loss(trainingTape, inputs, targets);
    trainingTape.backward(loss);
    return loss.value().toDoubles()[0];
  }

  /** Runs the model forward, without random choices, and returns the loss. */
  double evaluate(Ids inputs, Ids targets) {
    evaluationTape.reset(0, plans(inputs).evaluation(), arena);
    return model.loss(evaluationTape, inputs, targets).value().toDoubles()[0];
  }

  private Plans plans(Ids inputs) {
    Shape shape = new Shape(inputs.batch(), inputs.time());
    Plans known = plans.get(shape);
    if (known == null) {
      known =
          new Plans(
              trainingPlan(model, kernels, recomputation, inputs.batch(), inputs.time()),
              evaluationPlan(inputs));
      if (plans.size() == SHAPES) {
        plans.clear();
      }
      plans.put(shape, known);
      // Room for both at once, because the first step is often an evaluation.
      arena.reserve(Math.max(known.training().bytes(), known.evaluation().bytes()));
    }
    return known;
  }

  /** The plan of a step of {@code batch} sequences of {@code time} tokens. */
  static StepPlan trainingPlan(
      TrainableModel model, Kernels kernels, Recomputation recomputation, int batch, int time) {
    Ids ids = new Ids(new int[batch * time], batch, time);
    return StepPlan.ofTraining(
        kernels,
        model.layout(),
        recomputation,
        tape -> {
          Variable loss = model.loss(tape, ids, ids);
          tape.backward(loss);
          return loss;
        });
  }

  private StepPlan evaluationPlan(Ids inputs) {
    Ids ids = new Ids(new int[inputs.values().length], inputs.batch(), inputs.time());
    return StepPlan.ofEvaluation(kernels, model.layout(), tape -> model.loss(tape, ids, ids));
  }
}
