package org.wordmill.module.recurrent;

import java.util.List;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.SequenceCache;

/**
 * A recurrent layer over a whole sequence, [B, T, I] to [B, T, H]: what all cells share, which is
 * everything but the non-linearity.
 *
 * <pre>
 * forward   a = x W^T + b                 for all T steps in one product    W [G H, I]
 *           u_t = h_{t-1} U^T + d         step by step                      U [G H, H]
 *           h_t = cell(a_t, u_t)
 * backward  step by step, last first: da_t, du_t from dh_t;   dh_{t-1} += du_t U
 *           dx += da W   dW += da^T x   db += sum da
 *           dU += du^T h   dd += sum du   for all T steps in one product each
 * </pre>
 *
 * It is one leaf and not a module for each step on the tape, because so the products with the input
 * and those of all the weights' gradients are large. The state before the first step is zero, or
 * the second input [B, H] (and the third, for a cell with a memory), into which the gradient flows.
 * Where a call continues a sequence, the state comes from its cache and goes there.
 *
 * <p>Back-propagation through time may be truncated: with a truncation of k, the sequence is cut
 * into pieces of k steps, the state goes on from piece to piece, and the gradient does not.
 *
 * <p>Source: lecture, recurrent networks; Werbos, Backpropagation through time, 1990; names and
 * start of the parameters are PyTorch's.
 */
public abstract sealed class Recurrence extends LeafModule permits Rnn, Lstm, Gru {
  private static final int X = 0;
  private static final int INITIAL_HIDDEN = 1;
  private static final int INITIAL_CELL = 2;

  private final RecurrentLayer layer;
  private final Parameter inputWeight;
  private final Parameter hiddenWeight;
  private final Parameter inputBias;
  private final Parameter hiddenBias;

  Recurrence(RecurrentLayer layer, int gates) {
    int rows = gates * layer.width();
    this.layer = layer;
    this.inputWeight = layer.parameter("weight_ih", rows, layer.inputs());
    this.hiddenWeight = layer.parameter("weight_hh", rows, layer.width());
    this.inputBias = layer.parameter("bias_ih", rows);
    this.hiddenBias = layer.parameter("bias_hh", rows);
  }

  @Override
  public final List<Parameter> parameters() {
    return List.of(inputWeight, hiddenWeight, inputBias, hiddenBias);
  }

  public final RecurrentLayer layer() {
    return layer;
  }

  /**
   * Numbers that a sequence cache remembers of the state: h, and c behind it where there is one.
   */
  public final int stateWidth() {
    return hasCell() ? 2 * layer.width() : layer.width();
  }

  /** Whether there is a memory besides the hidden state. */
  abstract boolean hasCell();

  /** Whether backward needs what the state said to the gates. */
  abstract boolean keepsHidden();

  /** Writes row t + 1 of the states. */
  abstract void forward(Steps steps, int t);

  /**
   * Leaves da_t in the place of the gates, and du_t where {@link #keepsHidden} (it is da_t
   * otherwise).
   *
   * @param dh d loss / d h_t
   * @param dBefore d loss / d h_{t-1}, to which only what does not go through u_t is added
   * @param dCell d loss / d c_t by later steps, to become d loss / d c_{t-1}
   */
  abstract void backward(Steps steps, int t, Tensor dh, Tensor dBefore, Tensor dCell);

  @Override
  protected final Tensor forward(Call call) {
    Tensor x = call.input(X);
    check(call, x);
    TimeOrder order = new TimeOrder(x.dimension(0), x.dimension(1), layer.backwards());
    Kernels kernels = call.kernels();
    int time = order.time();
    int batch = order.batch();
    int rows = inputWeight.shape()[0];
    Tensor inputs = call.keep(time, batch, layer.inputs());
    Tensor gates = call.keep(time, batch, rows);
    Tensor h = call.keep(time + 1, batch, layer.width());
    Tensor hidden = call.keep(keepsHidden() ? time : 1, batch, rows);
    Tensor cells = hasCell() ? call.keep(time + 1, batch, layer.width()) : h;
    Steps steps = new Steps(kernels, gates, hidden, h, cells);

    order.toSteps(kernels, x, inputs);
    kernels.linearForward(inputs, call.value(inputWeight), call.value(inputBias), gates);
    begin(call, steps);
    for (int t = 0; t < time; t++) {
      kernels.linearForward(
          steps.h(t), call.value(hiddenWeight), call.value(hiddenBias), steps.hidden(t));
      forward(steps, t);
    }
    if (call.continues()) {
      remember(call.past(), steps);
    }
    Tensor y = call.output(batch, time, layer.width());
    order.toPositions(kernels, steps.written(), y, false);
    return y;
  }

  private void check(Call call, Tensor x) {
    if (x.rank() != 3 || x.columns() != layer.inputs()) {
      throw new IllegalArgumentException(x + " is not [B, T, " + layer.inputs() + "]");
    }
    int initial = call.inputCount() - 1;
    if (initial != 0 && initial != (hasCell() ? 2 : 1)) {
      throw new IllegalArgumentException(initial + " initial states for " + layer);
    }
    for (int i = INITIAL_HIDDEN; i <= initial; i++) {
      if (!call.input(i).hasShape(x.dimension(0), layer.width())) {
        throw new IllegalArgumentException(
            "the initial state " + call.input(i) + " is not that of " + layer);
      }
    }
    if (call.continues() && (x.dimension(0) != 1 || layer.backwards() || initial != 0)) {
      throw new IllegalArgumentException("only one sequence read forwards can be continued");
    }
  }

  /** Sets row 0 of the states. */
  private void begin(Call call, Steps steps) {
    Kernels kernels = steps.kernels();
    if (call.inputCount() > INITIAL_HIDDEN) {
      kernels.copy(call.input(INITIAL_HIDDEN), steps.h(0), false);
      if (hasCell()) {
        kernels.copy(call.input(INITIAL_CELL), steps.cell(0), false);
      }
    } else if (call.continues() && call.past().length() > 0) {
      Tensor states = call.past().of(this, stateWidth());
      long last = (call.past().length() - 1L) * stateWidth();
      kernels.copy(states.view(last, 1, layer.width()), steps.h(0), false);
      if (hasCell()) {
        Tensor cell = states.view(last + layer.width(), 1, layer.width());
        kernels.copy(cell, steps.cell(0), false);
      }
    } else {
      steps.h(0).fill(0);
      steps.cell(0).fill(0);
    }
  }

  private void remember(SequenceCache past, Steps steps) {
    Tensor states = past.of(this, stateWidth());
    int width = layer.width();
    for (int t = 0; t < steps.time(); t++) {
      long row = (long) (past.length() + t) * stateWidth();
      steps.kernels().copy(steps.h(t + 1), states.view(row, 1, width), false);
      if (hasCell()) {
        steps.kernels().copy(steps.cell(t + 1), states.view(row + width, 1, width), false);
      }
    }
  }

  @Override
  protected final void backward(Call call) {
    Tensor inputs = call.kept(0);
    Tensor gates = call.kept(1);
    Tensor h = call.kept(2);
    Steps steps = new Steps(call.kernels(), gates, call.kept(3), h, hasCell() ? call.kept(4) : h);
    TimeOrder order = new TimeOrder(inputs.dimension(1), steps.time(), layer.backwards());
    Kernels kernels = call.kernels();

    Tensor dh = call.output(steps.time(), order.batch(), layer.width());
    order.toSteps(kernels, call.outputGradient(), dh);
    backThroughTime(call, steps, dh);

    Tensor dHidden = keepsHidden() ? steps.hidden() : gates;
    kernels.linearBackwardParameters(
        inputs, gates, call.gradient(inputWeight), call.gradient(inputBias));
    kernels.linearBackwardParameters(
        steps.read(), dHidden, call.gradient(hiddenWeight), call.gradient(hiddenBias));
    if (call.needsGradient(X)) {
      // The memory of the inputs has served.
      kernels.linearBackwardInput(gates, call.value(inputWeight), inputs, false);
      GradientSlot dx = call.inputGradient(X);
      order.toPositions(kernels, inputs, dx.tensor(), dx.claim());
    }
  }

  /** Leaves the gradients of what input and state say to the gates, and of the initial state. */
  private void backThroughTime(Call call, Steps steps, Tensor dh) {
    int batch = dh.dimension(1);
    Tensor dCell = call.output(batch, layer.width());
    Tensor beyond = call.output(batch, layer.width());
    dCell.fill(0);
    for (int t = steps.time() - 1; t >= 0; t--) {
      boolean flows = t == 0 ? wantsInitial(call, INITIAL_HIDDEN) : !isCut(t);
      Tensor dBefore = flows && t > 0 ? Steps.row(dh, t - 1) : beyond;
      if (dBefore == beyond) {
        beyond.fill(0);
      }
      backward(steps, t, Steps.row(dh, t), dBefore, dCell);
      if (flows) {
        Tensor dHidden = keepsHidden() ? steps.hidden(t) : steps.gates(t);
        steps.kernels().linearBackwardInput(dHidden, call.value(hiddenWeight), dBefore, true);
      }
      if (isCut(t)) {
        dCell.fill(0);
      }
    }
    addInitial(call, INITIAL_HIDDEN, beyond);
    if (hasCell()) {
      addInitial(call, INITIAL_CELL, dCell);
    }
  }

  /** Whether a piece of the sequence begins with step t, and another ends before it. */
  private boolean isCut(int t) {
    return t > 0 && layer.truncation() > 0 && t % layer.truncation() == 0;
  }

  private static boolean wantsInitial(Call call, int input) {
    return call.inputCount() > input && call.needsGradient(input);
  }

  private static void addInitial(Call call, int input, Tensor gradient) {
    if (wantsInitial(call, input)) {
      GradientSlot slot = call.inputGradient(input);
      call.kernels().copy(gradient, slot.tensor(), slot.claim());
    }
  }

  @Override
  protected final boolean backwardReadsInput(int i) {
    return false;
  }

  @Override
  protected final boolean backwardReadsOutput() {
    return false;
  }
}
