package org.wordmill.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
  private final Map<String, Tensor> state = new LinkedHashMap<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final Supplier<Tensor> gradients;

  /** The gradient of each piece, once one was wanted. */
  private @Nullable List<Tensor> gradientOfPieces;

  private long updates;

  /**
   * @param at in the part of the model that this optimizer changes
   * @param end in the model
   */
  private record Piece(long at, long end, Tensor w, List<Tensor> state, boolean decays) {}

  /**
   * @param values changed in place by every {@link #update}
   * @param gradients read by every {@link #update}, whose contents are arbitrary afterwards
   */
  public Optimizer(
      UpdateRule rule, Kernels kernels, ParameterVector values, ParameterVector gradients) {
    this(rule, kernels, values, gradients::flat);
  }

  /**
   * Like the other, with gradients that are there only when somebody wants them.
   *
   * @param gradients asked for by the first {@link #apply}, and never where a gradient is {@link
   *     #absorb absorbed}
   */
  public Optimizer(
      UpdateRule rule, Kernels kernels, ParameterVector values, Supplier<Tensor> gradients) {
    this(rule, kernels, values, gradients, 0, values.flat().size());
  }

  /**
   * The update rule at work on a part of a model's flat vector, with the state of that part only.
   * Updates go element by element, so that optimizers of all parts together do what one of the
   * whole does.
   *
   * @param values of which the elements [from, to) are changed
   * @param gradients of the part: {@code to - from} elements
   */
  public Optimizer(
      UpdateRule rule,
      Kernels kernels,
      ParameterVector values,
      Tensor gradients,
      long from,
      long to) {
    this(rule, kernels, values, () -> gradients, from, to);
  }

  private Optimizer(
      UpdateRule rule,
      Kernels kernels,
      ParameterVector values,
      Supplier<Tensor> gradients,
      long from,
      long to) {
    this.rule = rule;
    this.kernels = kernels;
    this.gradients = gradients;
    for (String name : rule.stateNames()) {
      state.put(name, kernels.zeros(Math.toIntExact(to - from)));
    }
    ParameterLayout layout = values.layout();
    List<Parameter> parameters = layout.parameters();
    int first = 0;
    for (int i = 1; i <= parameters.size(); i++) {
      if (i == parameters.size() || parameters.get(i).decays() != parameters.get(first).decays()) {
        long begin = Math.max(from, layout.offset(parameters.get(first)));
        long end = i == parameters.size() ? layout.size() : layout.offset(parameters.get(i));
        end = Math.min(to, end);
        for (long at = begin; at < end; at += LONGEST) {
          int length = (int) Math.min(LONGEST, end - at);
          addPiece(values, at, at - from, length, parameters.get(first));
        }
        first = i;
      }
    }
  }

  private void addPiece(ParameterVector values, long at, long inPart, int length, Parameter first) {
    List<Tensor> parts = new ArrayList<>();
    state.values().forEach(vector -> parts.add(vector.view(inPart, length)));
    pieces.add(
        new Piece(
            inPart,
            at + length,
            values.flat().view(at, length),
            List.copyOf(parts),
            first.decays()));
  }

  private synchronized List<Tensor> gradientOfPieces() {
    List<Tensor> known = gradientOfPieces;
    if (known == null) {
      Tensor whole = gradients.get();
      known =
          pieces.stream()
              .map(piece -> whole.view(piece.at(), Math.toIntExact(piece.w().size())))
              .toList();
      gradientOfPieces = known;
    }
    return known;
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

  /** Where in the model's flat vector a piece ends; pieces are in order, without gaps. */
  public long end(int piece) {
    return pieces.get(piece).end();
  }

  /**
   * Applies the update that was begun to the pieces [from, to).
   *
   * @param kernels of the calling thread
   */
  public void apply(Kernels kernels, int from, int to, double gradientScale, double rate) {
    List<Tensor> known = gradientOfPieces();
    for (int i = from; i < to; i++) {
      Piece piece = pieces.get(i);
      rule.apply(
          kernels,
          piece.w(),
          known.get(i),
          piece.state(),
          gradientScale,
          rate,
          piece.decays(),
          updates);
    }
  }

  /** Whether the rule lets a gradient come piece by piece, by {@link #absorb}. */
  public boolean absorbs() {
    return rule instanceof AbsorbingRule;
  }

  /**
   * The first half of the update that was begun, of the elements from {@code from} on: changes the
   * state, and leaves the parameters as they are. The gradients that were given in the beginning
   * are not read.
   *
   * @param kernels of the calling thread
   * @param from in the vectors of the state
   * @param gradient of these elements; each comes once in an update
   * @throws IllegalStateException when the rule does not {@link #absorbs absorb}
   */
  public void absorb(Kernels kernels, long from, Tensor gradient, double gradientScale) {
    int length = Math.toIntExact(gradient.size());
    List<Tensor> parts = new ArrayList<>();
    state.values().forEach(vector -> parts.add(vector.view(from, length)));
    absorbing().absorb(kernels, gradient, parts, gradientScale);
  }

  /**
   * The second half of the update, after every element was {@link #absorb absorbed}: changes the
   * parameters.
   */
  public void step(double rate) {
    AbsorbingRule absorbing = absorbing();
    for (Piece piece : pieces) {
      absorbing.step(kernels, piece.w(), piece.state(), rate, piece.decays(), updates);
    }
  }

  private AbsorbingRule absorbing() {
    if (rule instanceof AbsorbingRule absorbing) {
      return absorbing;
    }
    throw new IllegalStateException(rule + " needs the gradient where it changes the parameters");
  }

  /** The updates made so far. */
  public long updates() {
    return updates;
  }

  /** The state vectors by name, to be saved, or to be overwritten when a run is resumed. */
  public Map<String, Tensor> state() {
    return new LinkedHashMap<>(state);
  }

  /** Continues counting after {@code updates} updates, whose state {@link #state} now holds. */
  public void resumeAfter(long updates) {
    this.updates = updates;
  }
}
