package org.wordmill.model;

import java.util.function.Function;
import org.wordmill.module.recurrent.Gru;
import org.wordmill.module.recurrent.Lstm;
import org.wordmill.module.recurrent.Recurrence;
import org.wordmill.module.recurrent.RecurrentLayer;
import org.wordmill.module.recurrent.Rnn;

/** Which cell a recurrent network is made of. */
public enum CellKind {
  /** Elman's: no gates. */
  RNN(Rnn::new),
  /** Long short-term memory. */
  LSTM(Lstm::new),
  /** Gated recurrent units. */
  GRU(Gru::new);

  private final Function<RecurrentLayer, Recurrence> maker;

  CellKind(Function<RecurrentLayer, Recurrence> maker) {
    this.maker = maker;
  }

  /** What makes a layer of this kind. */
  Function<RecurrentLayer, Recurrence> maker() {
    return maker;
  }
}
