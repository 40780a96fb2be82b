package org.wordmill.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.SequenceCache;

/**
 * Key-value caches of the last few token sequences that a Transformer has read, found again by the
 * tokens themselves: what a position makes of its past depends on nothing but the tokens up to it,
 * so any sequence with the same beginning may use it.
 *
 * <p>That is why states of a language model need to hold no more than their tokens: a state that
 * continues the newest one costs one token, a state that branches off copies the common beginning,
 * and a state whose cache has been given away to others is read again, with the same numbers up to
 * rounding. Memory is bounded by the number of caches, whatever the number of states.
 */
final class PrefixCaches {
  /** So many branches of one text can be continued in turn without reading anything twice. */
  private static final int MOST_CACHES = 8;

  private static final int FEWEST_CACHES = 2;

  private static final long LARGEST_BYTES = 256L << 20;

  /** Tokens read at once; more would make activations larger and products no faster. */
  private static final int MOST_AT_ONCE = 256;

  private final Evaluator evaluator;
  private final TransformerConfig config;
  private final int most;
  private final List<Prefix> prefixes = new ArrayList<>();
  private long clock;

  /** The tokens that a cache has read, and what the head reads for each of them. */
  private final class Prefix {
    private final int[] tokens = new int[config.contextLength()];
    private final SequenceCache cache = new SequenceCache(evaluator.kernels(), tokens.length);
    private final Tensor hidden = evaluator.kernels().zeros(tokens.length, config.width());
    private long lastUse;

    /** How many tokens this has in common with the beginning of {@code sequence}. */
    int common(int[] sequence) {
      int difference = Arrays.mismatch(tokens, 0, cache.length(), sequence, 0, sequence.length);
      return difference < 0 ? sequence.length : difference;
    }

    void becomeCopy(Prefix other, int length) {
      cache.copyFrom(other.cache, length);
      System.arraycopy(other.tokens, 0, tokens, 0, length);
      if (length > 0) {
        evaluator.kernels().copy(other.rows(0, length), rows(0, length), false);
      }
    }

    /** Reads the rest of {@code sequence}, of which it has the beginning. */
    void read(int[] sequence) {
      for (int from = cache.length(); from < sequence.length; from = cache.length()) {
        // Powers of two, so that few shapes occur.
        int count = Math.min(MOST_AT_ONCE, Integer.highestOneBit(sequence.length - from));
        int[] next = Arrays.copyOfRange(sequence, from, from + count);
        System.arraycopy(next, 0, tokens, from, count);
        Tensor read = evaluator.hidden(next, cache);
        evaluator.kernels().copy(read, rows(from, count), false);
      }
    }

    Tensor rows(int from, int count) {
      int width = hidden.columns();
      return hidden.view((long) from * width, count, width);
    }
  }

  PrefixCaches(Evaluator evaluator, TransformerConfig config) {
    this.evaluator = evaluator;
    this.config = config;
    long row = (2L * config.layers() + 1) * config.width();
    long each = row * config.contextLength() * evaluator.kernels().precision().bytes();
    this.most = (int) Math.max(FEWEST_CACHES, Math.min(MOST_CACHES, LARGEST_BYTES / each));
  }

  /**
   * What the head reads at positions {@code from .. from + count} of a sequence, [count, C]. Valid
   * until the next call.
   *
   * @param sequence from 1 to as many tokens as the model's context is long
   */
  Tensor hidden(int[] sequence, int from, int count) {
    Prefix prefix = having(sequence);
    prefix.lastUse = ++clock;
    prefix.read(sequence);
    return prefix.rows(from, count);
  }

  /** How many caches there are; they all have the same size. */
  int size() {
    return prefixes.size();
  }

  /** A cache with as much of {@code sequence} as is known, and nothing that contradicts it. */
  private Prefix having(int[] sequence) {
    Prefix best = null;
    int common = -1;
    for (Prefix prefix : prefixes) {
      int c = prefix.common(sequence);
      if (c > common) {
        best = prefix;
        common = c;
      }
    }
    if (best == null) {
      return fresh();
    }
    if (common == sequence.length || common == best.cache.length()) {
      return best;
    }
    Prefix branch = spare();
    if (branch == best) {
      best.cache.truncate(common);
    } else {
      branch.becomeCopy(best, common);
    }
    return branch;
  }

  private Prefix spare() {
    return prefixes.size() < most
        ? fresh()
        : prefixes.stream().min(Comparator.comparingLong(p -> p.lastUse)).orElseThrow();
  }

  private Prefix fresh() {
    Prefix prefix = new Prefix();
    prefixes.add(prefix);
    return prefix;
  }
}
