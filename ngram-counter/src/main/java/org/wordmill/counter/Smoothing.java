package org.wordmill.counter;

/** How counts become probabilities. */
public enum Smoothing {
  /** Interpolated modified Kneser-Ney (Chen and Goodman 1998). */
  KNESER_NEY,

  /**
   * Maximum likelihood: p(w|h) = c(hw)/c(h.) for every order, from raw counts. Written as ARPA with
   * the back-off weight 0 (log10 -99) for every context that was seen, so that after a seen context
   * an unseen word has no probability; {@code <unk>} has none at all. After an unseen context the
   * longest seen end of it decides, as the format has it.
   */
  MAXIMUM_LIKELIHOOD
}
