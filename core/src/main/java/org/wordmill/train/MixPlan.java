package org.wordmill.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Which window of which source of a {@link DataMix} comes at each place of each batch: a pure
 * function of (seed, step, place), so that any part of any batch can be found at any time, by any
 * task, and again after a crash.
 *
 * <p>Of the first n windows of a run, source i of S gives
 *
 * <pre>
 * c_i(n) = round(r_i w_i / (w_i + ... + w_S)),   r_i = n - c_1(n) - ... - c_(i-1)(n)
 * </pre>
 *
 * <p>With weights w of sum 1 this is n w_i where all n w_j are whole numbers, and never further
 * from it than S / 2: what rounding takes at one step it gives at another, and shares do not drift.
 * From n to n + 1 one of the c_i grows, by 1; so window n, counted from 0, is number c_i(n) of that
 * source. Each source is walked by its own {@link BatchPlan}, whose epochs have every window once.
 * Inside a batch the windows are permuted by (seed, step).
 *
 * <p>Cost of a place: proportional to the number of sources. Limit: 2^60 windows.
 */
public final class MixPlan {
  private static final int SOURCE = 5;
  private static final int PLACES = 6;

  /** The fixed point of fractions: exact, so that counts of windows can only grow. */
  private static final double ONE = 0x1p62;

  private final List<Source> sources;
  private final int sequences;
  private final long seed;

  /**
   * A source.
   *
   * @param fraction of what the sources before it leave, in 2^-62
   */
  private record Source(String name, double share, long fraction, long tokens, BatchPlan plan) {

    /** How many of {@code left} windows it takes: the product, rounded half up. */
    long of(long left) {
      return (Math.multiplyHigh(left << 3, fraction) + 1) >> 1;
    }
  }

  /**
   * A window.
   *
   * @param source the number of its source, counted from 0
   * @param start its first token in the source
   */
  record Draw(int source, long start) {}

  /**
   * How far a run has come through a source.
   *
   * @param source its paths
   * @param tokens in it
   * @param weight its share of the windows as it should be, weights divided by their sum
   * @param windows drawn from it
   * @param share of all windows that were drawn from it; 0 when there were none
   * @param epochs how often its windows have been seen
   */
  public record Progress(
      String source, long tokens, double weight, long windows, double share, double epochs) {}

  /**
   * @param mix of one source or more
   * @param tokens of each source
   * @param contextLength T
   * @param sequences windows of one step
   * @throws WordmillException BAD_INPUT when a source is shorter than T + 1
   */
  public MixPlan(DataMix mix, List<Long> tokens, int contextLength, int sequences, long seed) {
    int count = mix.sources().size();
    if (count == 0 || tokens.size() != count) {
      throw new IllegalArgumentException(
          "a mix of " + count + " sources cannot be planned for " + tokens.size() + " texts");
    }
    this.sequences = sequences;
    this.seed = seed;
    double[] shares = mix.shares();
    List<Source> lastFirst = new ArrayList<>();
    double left = 0;
    for (int i = count - 1; i >= 0; i--) {
      String name = mix.sources().get(i).name();
      left += shares[i];
      lastFirst.add(
          new Source(
              name,
              shares[i],
              Math.round(shares[i] / left * ONE),
              tokens.get(i),
              plan(name, i, tokens.get(i), contextLength)));
    }
    Collections.reverse(lastFirst);
    this.sources = List.copyOf(lastFirst);
  }

  /** The first source is walked as it would be alone. */
  private BatchPlan plan(String name, int number, long tokens, int contextLength) {
    if (tokens < contextLength + 1L) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "a source of "
              + tokens
              + " tokens in the mix is too short for a context of "
              + contextLength,
          name,
          "give it more text, leave it out, or set a shorter context");
    }
    long own = number == 0 ? seed : Seeds.mix(seed, SOURCE, number);
    return new BatchPlan(tokens, contextLength, sequences, own);
  }

  /**
   * The plan of a run, where its text is mixed.
   *
   * @param tokens of each source
   * @throws WordmillException BAD_INPUT when a source is shorter than one window
   */
  public static Optional<MixPlan> of(TrainingConfig config, List<Long> tokens) {
    return config.mix().isPresent()
        ? Optional.of(
            new MixPlan(
                config.mix(),
                tokens,
                config.model().contextLength(),
                config.batching().sequences(),
                config.seed()))
        : Optional.empty();
  }

  /** Windows of one epoch of every source together. */
  public long windows() {
    return sources.stream().mapToLong(source -> source.plan().windowsPerEpoch()).sum();
  }

  /**
   * One window of a batch.
   *
   * @param step counted from 0
   * @param position in [0, sequences), the place in the global batch
   */
  Draw at(long step, int position) {
    WindowPermutation order = new WindowPermutation(sequences, Seeds.mix(seed, PLACES, step));
    long left = Math.addExact(Math.multiplyExact(step, (long) sequences), order.at(position));
    int source = 0;
    long number = sources.get(source).of(left);
    while (sources.get(source).of(left + 1) == number) {
      left -= number;
      source++;
      number = sources.get(source).of(left);
    }
    return new Draw(source, sources.get(source).plan().start(number));
  }

  /**
   * What of each source has been seen.
   *
   * @param steps made
   */
  public List<Progress> after(long steps) {
    long all = Math.multiplyExact(steps, (long) sequences);
    long left = all;
    List<Progress> progress = new ArrayList<>();
    for (Source source : sources) {
      long drawn = source.of(left);
      left -= drawn;
      progress.add(
          new Progress(
              source.name(),
              source.tokens(),
              source.share(),
              drawn,
              all == 0 ? 0 : (double) drawn / all,
              (double) drawn / source.plan().windowsPerEpoch()));
    }
    return progress;
  }
}
