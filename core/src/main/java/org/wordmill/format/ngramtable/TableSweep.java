package org.wordmill.format.ngramtable;

import java.util.Arrays;
import org.wordmill.lm.LanguageModel;

/**
 * A text that is known in advance, looked up one length of n-grams after the other: all words, then
 * all pairs, and so on. What an n-gram needs of its shorter ones is there by then, and look-ups of
 * one length do not wait for each other, so the processor fetches many from memory at once; a
 * {@link TableWalk}, which must take one word after the other, waits for each.
 *
 * <p>It belongs to one thread. The numbers are those of the walk, bit by bit.
 */
final class TableSweep {
  /** How many words are looked up together. */
  private static final int BLOCK = 256;

  private static final int[] NONE = {};

  private final Levels levels;
  private final boolean closed;
  private final int order;
  private final int begin;

  /** Of n-grams of length k that end in word i of a block, at k-1 and i+1; word -1 is the state. */
  private final long[][] successors;

  private final float[][] backoffs;

  /** How long an n-gram was found that ends in word i, at i+1. */
  private final int[] matched;

  private final float[] probabilities;

  private final Lookups lookups;

  TableSweep(NgramTable table, int words) {
    levels = table.levels();
    closed = table.isSuffixClosed();
    order = table.order();
    begin = table.vocabulary().begin();
    int room = Math.min(words, BLOCK) + 1;
    successors = new long[order - 1][room];
    backoffs = new float[order - 1][room];
    matched = new int[room];
    probabilities = new float[room];
    lookups = new Lookups(room);
  }

  /**
   * The factors of a text.
   *
   * @param out log10 p of each word
   * @return the state after the last word
   */
  LanguageModel.State run(TableState from, int[] words, double[] out) {
    begin(from);
    run(words, NONE, out);
    return end();
  }

  /**
   * The factors of several texts, each after {@code <s>} alone. They are swept as one text, with
   * {@code <s>} where a text begins: there are more look-ups at once than a sentence has.
   *
   * @param words the texts one after the other, each with {@code <s>} before it
   * @param begins where these {@code <s>} are, ascending
   * @param out log10 p of each word, and at {@code begins} nothing of use
   */
  void run(int[] words, int[] begins, double[] out) {
    int first = 0;
    for (int done = 0; done < words.length; done += BLOCK) {
      int count = Math.min(BLOCK, words.length - done);
      int last = first;
      while (last < begins.length && begins[last] < done + count) {
        last++;
      }
      unigrams(words, done, count);
      for (int k = 2; k <= order; k++) {
        for (int i = first; i < last; i++) {
          successors[k - 2][begins[i] - done] = 0; // Nothing follows what ends before <s>.
        }
        extend(k, words, done, count);
      }
      sum(words, done, count, out);
      carry(count);
      first = last;
    }
  }

  private void begin(TableState from) {
    for (int length = 1; length <= from.length; length++) {
      successors[length - 1][0] = from.successors[length - 1];
      backoffs[length - 1][0] = from.backoffs[length - 1];
    }
    matched[0] = from.length;
  }

  private void unigrams(int[] words, int done, int count) {
    for (int i = 1; i <= count; i++) {
      int word = words[done + i - 1];
      probabilities[i] = levels.probability(1, word);
      if (order > 1) {
        successors[0][i] = levels.successors(1, word);
        backoffs[0][i] = levels.backoff(1, word);
      }
      matched[i] = 1;
    }
  }

  private void extend(int k, int[] words, int done, int count) {
    long[] contexts = successors[k - 2];
    lookups.clear();
    for (int i = 1; i <= count; i++) {
      // Where ends of n-grams are n-grams, a longer one would have this one as its end.
      boolean possible = !closed | matched[i] >= k - 1;
      lookups.add(contexts[i - 1], words[done + i - 1], i, contexts[i - 1] != 0 & possible);
    }
    levels.find(k, lookups);
    if (k < order) {
      Arrays.fill(successors[k - 1], 1, count + 1, 0);
      Arrays.fill(backoffs[k - 1], 1, count + 1, 0);
    }
    for (int j = 0; j < lookups.count(); j++) {
      long entry = lookups.entries[j];
      if (entry != Levels.NONE) {
        int i = lookups.places[j];
        matched[i] = k;
        probabilities[i] = levels.probability(k, entry);
        if (k < order) {
          successors[k - 1][i] = levels.successors(k, entry);
          backoffs[k - 1][i] = levels.backoff(k, entry);
        }
      }
    }
  }

  private void sum(int[] words, int done, int count, double[] out) {
    for (int i = 1; i <= count; i++) {
      double log10 = 0;
      for (int length = Math.min(matched[i - 1], order - 1); length >= matched[i]; length--) {
        log10 += backoffs[length - 1][i - 1];
      }
      out[done + i - 1] =
          words[done + i - 1] == begin ? Double.NEGATIVE_INFINITY : log10 + probabilities[i];
    }
  }

  /** What is after the last word of a block is before the first of the next one. */
  private void carry(int count) {
    for (int length = 1; length < order; length++) {
      successors[length - 1][0] = successors[length - 1][count];
      backoffs[length - 1][0] = backoffs[length - 1][count];
    }
    matched[0] = matched[count];
  }

  private TableState end() {
    TableState end = new TableState(order - 1);
    for (int length = 1; length < order; length++) {
      end.successors[length - 1] = successors[length - 1][0];
      end.backoffs[length - 1] = backoffs[length - 1][0];
    }
    end.shorten(Math.min(matched[0], order - 1));
    return end;
  }
}
