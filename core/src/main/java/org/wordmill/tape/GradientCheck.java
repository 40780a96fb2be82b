package org.wordmill.tape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;

/**
 * The comparison of backward formulas with differences of forward values, in double precision.
 *
 * <p>The function under test is made a number by summing the products of its elements with random
 * weights. Every checked element x of every input and parameter is moved by h and 2h (h = 0.001) to
 * both sides, and the central difference of fourth order is compared with the gradient:
 *
 * <pre>
 * f'(x) = (8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h + O(h^4)
 * </pre>
 *
 * The relative error is |backward - difference| over the larger of both, but over no less than a
 * thousandth of the largest difference of the same tensor, nor less than 1e-6: derivatives smaller
 * than that drown in the rounding of the differences. A number that is not finite is an infinite
 * error. Parameters are drawn anew with deviation 0.5 whatever their initializers say, because
 * gains of one and biases of zero hide mistakes. Cost: four forward passes an element.
 */
public final class GradientCheck {
  /** The largest relative error that passes. */
  public static final double TOLERANCE = 1e-6;

  private static final double H = 1e-3;
  private static final double SHARE_OF_LARGEST = 1e-3;
  private static final double SMALLEST_SCALE = 1e-6;
  private static final int LEAST_PER_TENSOR = 5;
  private static final double PARAMETER_DEVIATION = 0.5;

  /** How the tape of a check behaves. */
  public enum Mode {
    /** Dropout is active; its mask is the same for all differences. */
    TRAINING,
    /** Dropout is off. */
    EVALUATION
  }

  /** The function under test, of the inputs and of the parameters of a module. */
  @FunctionalInterface
  public interface Function {
    Variable apply(Tape tape, List<Variable> inputs);
  }

  /**
   * What to check.
   *
   * @param module has the parameters
   * @param ids the integer input, for a leaf module that has one
   * @param inputs double precision values at which the derivatives are taken
   */
  public record Case(
      String name, Module module, @Nullable Ids ids, List<Tensor> inputs, Function function) {

    /** One application of a leaf module. */
    public static Case leaf(String name, LeafModule module, Tensor... inputs) {
      return new Case(
          name,
          module,
          null,
          List.of(inputs),
          (tape, variables) -> tape.apply(module, variables.toArray(Variable[]::new)));
    }

    /** One application of a leaf module with integer input. */
    public static Case leaf(String name, LeafModule module, Ids ids, Tensor... inputs) {
      return new Case(
          name,
          module,
          ids,
          List.of(inputs),
          (tape, variables) -> tape.apply(module, ids, variables.toArray(Variable[]::new)));
    }
  }

  /**
   * The outcome of a case.
   *
   * @param elements checked, over all inputs and parameters
   * @param worst which element has the largest error, with both derivatives
   */
  public record Report(String name, long elements, double maximumRelativeError, String worst) {
    public boolean ok() {
      return maximumRelativeError <= TOLERANCE;
    }
  }

  private final long seed;
  private final Kernels kernels;
  private final int elementsPerCase;

  /**
   * @param elementsPerCase shared out equally over the tensors of a case (at least five each); of
   *     larger tensors, that many elements are drawn at random and checked
   */
  public GradientCheck(long seed, int elementsPerCase) {
    this(seed, elementsPerCase, KernelChoice.REFERENCE.create(Precision.DOUBLE));
  }

  /**
   * @param kernels whose backward formulas are checked, in double precision
   */
  public GradientCheck(long seed, int elementsPerCase, Kernels kernels) {
    this.seed = seed;
    this.kernels = kernels;
    this.elementsPerCase = elementsPerCase;
  }

  /** Runs one case as training would; the inputs of the case keep their values. */
  public Report check(Case c) {
    return check(c, Mode.TRAINING);
  }

  /** Runs one case; the inputs of the case keep their values. */
  public Report check(Case c, Mode mode) {
    return new Run(c, mode).report();
  }

  /** A tensor whose elements are moved, and the gradient that backward found for it. */
  private record Subject(String name, Tensor tensor, double[] at, double[] gradient) {}

  private final class Run {
    private final Case subject;
    private final Mode mode;
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<Tensor> inputTensors;
    private final ParameterVector values;
    private final ParameterVector gradients;
    private final Tape tape;
    private final List<double[]> inputValues = new ArrayList<>();
    private double[] weights = new double[0];

    private double maximum;
    private String worst = "";
    private long elements;

    Run(Case subject, Mode mode) {
      this.subject = subject;
      this.mode = mode;
      ParameterLayout layout = new ParameterLayout(subject.module());
      this.values = new ParameterVector(layout, kernels);
      this.gradients = new ParameterVector(layout, kernels);
      this.tape =
          mode == Mode.TRAINING
              ? new Tape(kernels, values, gradients)
              : Tape.recordingEvaluation(kernels, values, gradients);
      for (Parameter parameter : layout.parameters()) {
        values.of(parameter).copyFrom(normal(parameter.size(), PARAMETER_DEVIATION));
      }
      // A copy: the case keeps its values, and they may have to be moved to a device anyway.
      this.inputTensors =
          subject.inputs().stream()
              .map(
                  input -> {
                    Tensor copy = kernels.zeros(input.shape());
                    copy.copyFrom(input);
                    return copy;
                  })
              .toList();
      for (Tensor input : subject.inputs()) {
        inputValues.add(input.toDoubles());
      }
    }

    Report report() {
      List<Subject> tensors = backward();
      int share = Math.max(LEAST_PER_TENSOR, elementsPerCase / tensors.size());
      for (Subject tensor : tensors) {
        compare(tensor, chosen(tensor.at().length, share));
      }
      String name = subject.name() + (mode == Mode.TRAINING ? "" : ", evaluation");
      return new Report(name, elements, maximum, worst);
    }

    private List<Subject> backward() {
      List<Variable> inputs = inputTensors.stream().map(tape::input).toList();
      Variable output = subject.function().apply(tape, inputs);
      weights = normal(output.value().size(), 1);
      tape.backward(output, Tensor.of(weights, output.value().shape()));
      List<Subject> subjects = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        Variable input = inputs.get(i);
        double[] gradient = gradientOf(input);
        subjects.add(new Subject("input " + i, input.value(), inputValues.get(i), gradient));
      }
      for (Parameter parameter : values.layout().parameters()) {
        Tensor value = values.of(parameter);
        double[] gradient = gradients.of(parameter).toDoubles();
        subjects.add(new Subject(parameter.name(), value, value.toDoubles(), gradient));
      }
      return subjects;
    }

    /** Zeros where backward wrote nothing. */
    private double[] gradientOf(Variable input) {
      GradientSlot slot = input.slot();
      return slot != null && slot.written()
          ? input.gradient().toDoubles()
          : new double[Math.toIntExact(input.value().size())];
    }

    private void compare(Subject tensor, int[] chosen) {
      double[] differences = new double[chosen.length];
      double largest = 0;
      for (int i = 0; i < chosen.length; i++) {
        differences[i] = difference(tensor, chosen[i]);
        largest = Math.max(largest, Math.abs(differences[i]));
      }
      for (int i = 0; i < chosen.length; i++) {
        double backward = tensor.gradient()[chosen[i]];
        double scale = Math.max(Math.abs(backward), Math.abs(differences[i]));
        scale = Math.max(scale, Math.max(SHARE_OF_LARGEST * largest, SMALLEST_SCALE));
        double error = Math.abs(backward - differences[i]) / scale;
        elements++;
        // Written so that NaN is larger than any error.
        if (!(error <= maximum)) {
          maximum = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
          worst =
              String.format(
                  Locale.ROOT,
                  "%s, element %d: backward %.9g, difference %.9g",
                  tensor.name(),
                  chosen[i],
                  backward,
                  differences[i]);
        }
      }
    }

    private double difference(Subject tensor, int element) {
      double[] near = moved(tensor, element, H);
      double[] nearBack = moved(tensor, element, -H);
      double[] far = moved(tensor, element, 2 * H);
      double[] farBack = moved(tensor, element, -2 * H);
      tensor.tensor().copyFrom(tensor.at());
      double sum = 0;
      for (int i = 0; i < near.length; i++) {
        sum += weights[i] * (8 * (near[i] - nearBack[i]) - (far[i] - farBack[i]));
      }
      return sum / (12 * H);
    }

    private double[] moved(Subject tensor, int element, double by) {
      tape.reset(0);
      // A module may use up the memory of its inputs, so all of them are set anew.
      List<Variable> inputs = new ArrayList<>();
      for (int i = 0; i < inputValues.size(); i++) {
        Tensor input = inputTensors.get(i);
        input.copyFrom(inputValues.get(i));
        inputs.add(tape.input(input));
      }
      double[] at = tensor.at().clone();
      at[element] += by;
      tensor.tensor().copyFrom(at);
      return subject.function().apply(tape, inputs).value().toDoubles();
    }

    private int[] chosen(int size, int limit) {
      int[] all = new int[size];
      Arrays.setAll(all, i -> i);
      if (size <= limit) {
        return all;
      }
      for (int i = 0; i < limit; i++) {
        int j = random.nextInt(i, size);
        int swapped = all[i];
        all[i] = all[j];
        all[j] = swapped;
      }
      return Arrays.copyOf(all, limit);
    }

    private double[] normal(long size, double deviation) {
      double[] drawn = new double[Math.toIntExact(size)];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = deviation * random.nextGaussian();
      }
      return drawn;
    }
  }
}
