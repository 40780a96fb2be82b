package org.wordmill.counter;

import java.util.Optional;
import org.wordmill.ngram.AbsoluteDiscounting;
import org.wordmill.ngram.AddK;
import org.wordmill.ngram.CountSmoothing;
import org.wordmill.ngram.StupidBackoff;
import org.wordmill.ngram.WittenBell;

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
  MAXIMUM_LIKELIHOOD,

  /** {@link AddK}; its parameter is k. */
  ADD_K,

  /** {@link WittenBell}, interpolated. */
  WITTEN_BELL,

  /** {@link AbsoluteDiscounting}, interpolated. */
  ABSOLUTE,

  /** {@link StupidBackoff}, which gives scores; its parameter is the factor. */
  STUPID_BACKOFF;

  /** What the parameter is when nobody says otherwise; 0 where there is none. */
  public double defaultParameter() {
    return switch (this) {
      case ADD_K -> 1;
      case STUPID_BACKOFF -> StupidBackoff.FACTOR;
      case KNESER_NEY, MAXIMUM_LIKELIHOOD, WITTEN_BELL, ABSOLUTE -> 0;
    };
  }

  /**
   * The formula, where it is one of raw counts in all orders.
   *
   * @throws org.wordmill.error.WordmillException USAGE for a parameter that the smoothing cannot
   *     have
   */
  public Optional<CountSmoothing> formula(double parameter) {
    return switch (this) {
      case ADD_K -> Optional.of(new AddK(parameter));
      case WITTEN_BELL -> Optional.of(new WittenBell());
      case ABSOLUTE -> Optional.of(new AbsoluteDiscounting());
      case STUPID_BACKOFF -> Optional.of(new StupidBackoff(parameter));
      case KNESER_NEY, MAXIMUM_LIKELIHOOD -> Optional.empty();
    };
  }

  /** Which count of an n-gram the smoothing takes. */
  UsedCount usedCount() {
    return switch (this) {
      case KNESER_NEY -> UsedCount.ADJUSTED;
      case ADD_K -> UsedCount.RAW_OF_LONGEST_CONTEXTS;
      case MAXIMUM_LIKELIHOOD, WITTEN_BELL, ABSOLUTE, STUPID_BACKOFF -> UsedCount.RAW;
    };
  }
}
