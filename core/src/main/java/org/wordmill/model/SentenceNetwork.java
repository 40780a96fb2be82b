package org.wordmill.model;

import org.wordmill.module.recurrent.SequenceLengths;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** What makes a vector for each word of a sentence out of the vectors of all of its words. */
abstract class SentenceNetwork extends Module {

  /** H, the width of the vectors that come out. */
  abstract int width();

  /**
   * How many positions of filling it reads before each sentence and behind it, beside what the
   * sentence leaves free; its vectors then do not depend on how much that is.
   */
  abstract int margin();

  /**
   * One vector for each position.
   *
   * @param x [B, margin + T + margin, E], sentences with filling before and behind them
   * @param lengths of the sentences, in T positions
   * @return [B, T, H]; what stands at the filling means nothing
   */
  abstract Variable forward(Tape tape, Variable x, SequenceLengths lengths);
}
