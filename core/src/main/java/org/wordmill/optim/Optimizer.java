package org.wordmill.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;

/**
 * An update rule at work on one model: its state vectors, and how many updates it has made. Weight
 * decay applies to parameters of rank two and more only, so the flat vector is walked in the
 * longest ranges that are treated alike.
 *
 * <p>State vectors and the count of updates are all that a checkpoint needs. Belongs to one thread.
 */
public final class Optimizer {
  private final UpdateRule rule;
  private final Kernels kernels;
  private final Map<String, ParameterVector> state = new LinkedHashMap<>();
  private final List<Range> ranges = new ArrayList<>();
  private long updates;

  private record Range(Tensor w, Tensor g, List<Tensor> state, boolean decays) {}

  /**
   * @param values changed in place by every {@link #update}
   * @param gradients read by every {@link #update}, whose contents are arbitrary afterwards
   */
  public Optimizer(
      UpdateRule rule, Kernels kernels, ParameterVector values, ParameterVector gradients) {
    this.rule = rule;
    this.kernels = kernels;
    for (String name : rule.stateNames()) {
      state.put(name, new ParameterVector(values.layout(), kernels));
    }
    ParameterLayout layout = values.layout();
    List<Parameter> parameters = layout.parameters();
    int first = 0;
    for (int i = 1; i <= parameters.size(); i++) {
      if (i == parameters.size() || parameters.get(i).decays() != parameters.get(first).decays()) {
        long from = layout.offset(parameters.get(first));
        long to = i == parameters.size() ? layout.size() : layout.offset(parameters.get(i));
        addRange(values, gradients, from, Math.toIntExact(to - from), parameters.get(first));
        first = i;
      }
    }
  }

  private void addRange(
      ParameterVector values, ParameterVector gradients, long from, int length, Parameter first) {
    List<Tensor> parts = new ArrayList<>();
    state.values().forEach(vector -> parts.add(vector.flat().view(from, length)));
    ranges.add(
        new Range(
            values.flat().view(from, length),
            gradients.flat().view(from, length),
            List.copyOf(parts),
            first.decays()));
  }

  /**
   * Applies the gradient, times {@code gradientScale}, with the learning rate {@code rate}.
   *
   * @param gradientScale one over the number of tokens when the gradient is a sum, times the factor
   *     of clipping
   */
  public void update(double gradientScale, double rate) {
    updates++;
    for (Range range : ranges) {
      rule.apply(
          kernels,
          range.w(),
          range.g(),
          range.state(),
          gradientScale,
          rate,
          range.decays(),
          updates);
    }
  }

  /** The updates made so far. */
  public long updates() {
    return updates;
  }

  /** The state vectors by name, to be saved, or to be overwritten when a run is resumed. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> flat = new LinkedHashMap<>();
    state.forEach((name, vector) -> flat.put(name, vector.flat()));
    return flat;
  }

  /** Continues counting after {@code updates} updates, whose state {@link #state} now holds. */
  public void resumeAfter(long updates) {
    this.updates = updates;
  }
}
