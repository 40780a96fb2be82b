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
 * decay applies to parameters of rank two and more only, so the flat vector is walked in pieces,
 * the longest that are treated alike and that threads can share out.
 *
 * <p>State vectors and the count of updates are all that a checkpoint needs. Belongs to one thread,
 * but different threads may {@link #apply} one update to different pieces at once.
 */
public final class Optimizer {
  /** Elements of a piece at most. */
  private static final int LONGEST = 1 << 18;

  private final UpdateRule rule;
  private final Kernels kernels;
  private final Map<String, ParameterVector> state = new LinkedHashMap<>();
  private final List<Piece> pieces = new ArrayList<>();
  private long updates;

  private record Piece(Tensor w, Tensor g, List<Tensor> state, boolean decays) {}

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
        for (long at = from; at < to; at += LONGEST) {
          int length = (int) Math.min(LONGEST, to - at);
          addPiece(values, gradients, at, length, parameters.get(first));
        }
        first = i;
      }
    }
  }

  private void addPiece(
      ParameterVector values, ParameterVector gradients, long from, int length, Parameter first) {
    List<Tensor> parts = new ArrayList<>();
    state.values().forEach(vector -> parts.add(vector.flat().view(from, length)));
    pieces.add(
        new Piece(
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
    begin();
    apply(kernels, 0, pieces.size(), gradientScale, rate);
  }

  /** Begins one update, to be applied to every piece. */
  public void begin() {
    updates++;
  }

  /** The number of pieces. */
  public int pieces() {
    return pieces.size();
  }

  /**
   * Applies the update that was begun to the pieces [from, to).
   *
   * @param kernels of the calling thread
   */
  public void apply(Kernels kernels, int from, int to, double gradientScale, double rate) {
    for (Piece piece : pieces.subList(from, to)) {
      rule.apply(
          kernels,
          piece.w(),
          piece.g(),
          piece.state(),
          gradientScale,
          rate,
          piece.decays(),
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
