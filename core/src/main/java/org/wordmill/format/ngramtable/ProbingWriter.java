package org.wordmill.format.ngramtable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaBatch;
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

  /** Of each n-gram of a batch: where its first words are, and where its last ones. */
  private final long[] contexts = new long[ArpaBatch.CAPACITY];

  private final long[] ends = new long[ArpaBatch.CAPACITY];

  private final Lookups lookups = new Lookups(ArpaBatch.CAPACITY);

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
    added = 0;
  }

  @Override
  public @Nullable Refusal add(ArpaBatch batch) throws IOException {
    int order = batch.order();
    int count = batch.size();
    find(batch, 0, contexts);
    for (int i = 0; i < count; i++) {
      if (contexts[i] == Levels.NONE) {
        return new Refusal(i, Fault.MISSING_CONTEXT);
      }
    }
    if (suffixClosed && order > 2) {
      find(batch, 1, ends);
      for (int i = 0; i < count; i++) {
        suffixClosed &= ends[i] != Levels.NONE;
      }
    }
    for (int i = 0; i < count; i++) {
      long context = contexts[i];
      levels.putSuccessors(order - 1, context, levels.successors(order - 1, context) + 1);
      records.add(
          context, batch.word(i, order - 1), batch.log10Probability(i), batch.log10Backoff(i));
    }
    added += count;
    return null;
  }

  /**
   * Finds all words of each n-gram but one, word after word for the whole batch.
   *
   * @param from 0 for the first words, 1 for the last ones
   * @param entries gets where they are, or {@link Levels#NONE}
   */
  private void find(ArpaBatch batch, int from, long[] entries) {
    int count = batch.size();
    for (int i = 0; i < count; i++) {
      entries[i] = batch.word(i, from);
    }
    for (int k = 2; k < batch.order(); k++) {
      lookups.clear();
      for (int i = 0; i < count; i++) {
        long range = entries[i] == Levels.NONE ? 0 : levels.successors(k - 1, entries[i]);
        lookups.add(range, batch.word(i, from + k - 1), i, range != 0);
        entries[i] = Levels.NONE;
      }
      levels.find(k, lookups);
      for (int j = 0; j < lookups.count(); j++) {
        entries[lookups.places[j]] = lookups.entries[j];
      }
    }
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
        (count, of, words, probabilities, backoffs) ->
            insert(order, count, of, words, probabilities, backoffs));
    counts.add(added);
  }

  /** Inserts n-grams among the successors of their contexts. */
  private void insert(
      int order, int count, long[] of, int[] words, float[] probabilities, float[] backoffs) {
    lookups.clear();
    for (int i = 0; i < count; i++) {
      lookups.add(levels.successors(order - 1, of[i]), words[i], i, true);
    }
    levels.readFirst(order, lookups);
    for (int i = 0; i < count; i++) {
      if (!levels.insert(order, lookups.ranges[i], words[i], probabilities[i], backoffs[i])) {
        throw new WordmillException(
            ExitCode.CORRUPT,
            "an n-gram of order " + order + " occurs twice in the ARPA file",
            "",
            "remove one of them");
      }
    }
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
