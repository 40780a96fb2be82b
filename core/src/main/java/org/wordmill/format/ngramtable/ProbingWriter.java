package org.wordmill.format.ngramtable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaSink;
import org.wordmill.format.mapped.MappedBytes;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;

/**
 * Packs the n-grams of an ARPA file, order by order, in the probing layout.
 *
 * <p>While an order is read, its n-grams go to a temporary file and the successors of each context
 * are counted where their place will stand; then each context gets its hash table, and the n-grams
 * go into them. The heap holds the words only; the rest is the file itself and, on disk, 20 bytes
 * for each n-gram of one order.
 */
final class ProbingWriter implements ArpaSink, AutoCloseable {
  private final TableFile file;
  private final Records records;
  private final List<Long> counts = new ArrayList<>();
  private MappedBytes[] orders = {};
  private ProbingLevels levels = new ProbingLevels(orders);
  private boolean suffixClosed = true;
  private long added;

  /** The words whose entries are known from the n-gram before, and these entries. */
  private int[] last = {};

  private long[] entries = {};
  private int known;

  ProbingWriter(TableFile file) throws IOException {
    this.file = file;
    records = new Records(file.temporary("records"));
  }

  @Override
  public void unigrams(
      int order,
      WordIds words,
      Vocabulary vocabulary,
      float[] log10Probabilities,
      float[] log10Backoffs)
      throws IOException {
    orders = new MappedBytes[order];
    levels = new ProbingLevels(orders);
    last = new int[order];
    entries = new long[order];
    TableWords.write(words, file);
    orders[0] =
        file.allocate(Section.ENTRIES + 1, (long) ProbingLevels.stride(1, order) * words.size());
    for (int id = 0; id < words.size(); id++) {
      levels.putUnigram(id, log10Probabilities[id], log10Backoffs[id]);
    }
    counts.add((long) words.size());
  }

  @Override
  public void beginOrder(int order, long count) {
    known = 0;
    added = 0;
  }

  @Override
  public Outcome add(int[] ngram, int order, float log10Probability, float log10Backoff)
      throws IOException {
    long context = context(ngram, order - 1);
    if (context == Levels.NONE) {
      return Outcome.MISSING_CONTEXT;
    }
    if (suffixClosed && order > 2 && find(ngram, 1, order) == Levels.NONE) {
      suffixClosed = false;
    }
    long count = levels.successors(order - 1, context) + 1;
    levels.putSuccessors(order - 1, context, count);
    records.add(context, ngram[order - 1], log10Probability, log10Backoff);
    added++;
    return Outcome.ADDED;
  }

  /** The entry of the first words, from where the n-gram before was the same. */
  private long context(int[] ngram, int length) {
    int most = Math.min(known, length);
    int common = 0;
    while (common < most && last[common] == ngram[common]) {
      common++;
    }
    long entry = common == 0 ? ngram[0] : entries[common - 1];
    for (int k = common + 1; k <= length; k++) {
      entry = k == 1 ? ngram[0] : levels.find(k, levels.successors(k - 1, entry), ngram[k - 1]);
      if (entry == Levels.NONE) {
        known = k - 1;
        return entry;
      }
      last[k - 1] = ngram[k - 1];
      entries[k - 1] = entry;
    }
    known = length;
    return entry;
  }

  private long find(int[] ngram, int from, int to) {
    long entry = ngram[from];
    for (int i = from + 1; i < to && entry != Levels.NONE; i++) {
      int k = i - from + 1;
      entry = levels.find(k, levels.successors(k - 1, entry), ngram[i]);
    }
    return entry;
  }

  @Override
  public void endOrder(int order) throws IOException {
    int stride = ProbingLevels.stride(order - 1, orders.length);
    long contexts = (orders[order - 2].length()) / stride;
    long slots = 0;
    for (long context = 0; context < contexts; context++) {
      long successors = levels.successors(order - 1, context);
      if (successors > 0) {
        long size = ProbingLevels.slots(successors);
        if (size > Ranges.MAX_SIZE) {
          throw new WordmillException(
              ExitCode.USAGE,
              "a context has " + successors + " successors, more than a table can hold",
              "order " + order,
              "prune the model");
        }
        levels.putSuccessors(order - 1, context, Ranges.of(slots, size));
        slots += size;
      }
    }
    orders[order - 1] =
        file.allocate(Section.ENTRIES + order, slots * ProbingLevels.stride(order, orders.length));
    records.drain(
        (context, word, probability, backoff) -> {
          long range = levels.successors(order - 1, context);
          if (!levels.insert(order, range, word, probability, backoff)) {
            throw new WordmillException(
                ExitCode.CORRUPT,
                "an n-gram of order " + order + " occurs twice in the ARPA file",
                "",
                "remove one of them");
          }
        });
    counts.add(added);
  }

  /** Completes the file. */
  void finish() throws IOException {
    file.finish(TableLayout.PROBING, suffixClosed, false, counts);
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
