package org.wordmill.module.recurrent;

import java.util.List;
import java.util.function.Function;
import org.wordmill.module.Concatenation;
import org.wordmill.module.SelectRows;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * Two recurrent layers over the same input, one from the left and one from the right: the output at
 * a position has heard the whole sequence.
 *
 * <pre>
 * y_t = [forward state at t, backward state at t]     x [B, T, I]   y [B, T, 2 H]
 * </pre>
 *
 * Not for language models, which must not hear what they predict. Source: lecture, bidirectional
 * RNN; Schuster and Paliwal, Bidirectional recurrent neural networks, 1997.
 */
public final class BidirectionalRnn extends Module {
  private final Recurrence forward;
  private final Recurrence backward;
  private final SelectRows turn = new SelectRows();
  private final Concatenation both = new Concatenation();

  /**
   * @param cell {@code Rnn::new}, {@code Lstm::new} or {@code Gru::new}
   * @param layer of the direction forwards
   */
  public BidirectionalRnn(Function<RecurrentLayer, Recurrence> cell, RecurrentLayer layer) {
    if (layer.backwards()) {
      throw new IllegalArgumentException(layer + " is the one backwards already");
    }
    this.forward = cell.apply(layer);
    this.backward = cell.apply(layer.reversed());
  }

  @Override
  public List<Module> children() {
    return List.of(forward, backward, turn, both);
  }

  /** Over sequences that fill all of their positions. */
  public Variable forward(Tape tape, Variable x) {
    return tape.apply(both, tape.apply(forward, x), tape.apply(backward, x));
  }

  /**
   * Over sequences of different lengths: what comes from the right begins at the last position of
   * each sequence, so that its outputs are the same with any filling behind it.
   */
  public Variable forward(Tape tape, Variable x, SequenceLengths lengths) {
    Variable fromRight = tape.apply(backward, tape.apply(turn, lengths.toEnd(), x));
    return tape.apply(both, tape.apply(forward, x), tape.apply(turn, lengths.toBegin(), fromRight));
  }
}
