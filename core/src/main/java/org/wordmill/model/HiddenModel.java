package org.wordmill.model;

import org.wordmill.kernel.Ids;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** A model that makes one vector of everything heard so far, and scores the next token by it. */
interface HiddenModel {

  /** What the head reads: one vector [B, T, C] for each position of {@code inputs}. */
  Variable hidden(Tape tape, Ids inputs);

  /** Scores [.., V] of the next token for vectors [.., C] of {@link #hidden}. */
  Variable head(Tape tape, Variable hidden);
}
