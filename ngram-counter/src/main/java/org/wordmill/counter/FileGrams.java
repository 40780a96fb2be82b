package org.wordmill.counter;

import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The map side of reading counts: the n-grams of files as packed ids, in suffix order, equal ones
 * added up, and sent to the partition of their last two words. Either all orders from 2 on, each
 * n-gram by itself; or padded N-grams, for which the highest order and the n-grams that begin with
 * {@code <s>} are enough.
 *
 * <p>A task holds the blocks of one file, some bytes for each n-gram.
 */
final class FileGrams extends BlockOutput {
  /** N-grams that are sorted together; more in a file make further runs. */
  private static final int RUN_GRAMS = 2 << 20;

  private final Packing packing;
  private final WordTable vocabulary;
  private final boolean limited;
  private final Iterator<CountFile> files;
  private final Configuration configuration;
  private final int order;
  private final int partitions;
  private final boolean padded;
  private final GramTable[] tables;
  private final int[] words;
  private int grams;

  /**
   * @param limited whether words that are not in the vocabulary are {@code <unk>}
   * @param padded whether N-grams of padded sentences are sent, or n-grams of all orders
   */
  FileGrams(
      Packing packing,
      WordTable vocabulary,
      boolean limited,
      Iterator<CountFile> files,
      Configuration configuration,
      int order,
      int partitions,
      boolean padded) {
    super(order, partitions);
    this.packing = packing;
    this.vocabulary = vocabulary;
    this.limited = limited;
    this.files = files;
    this.configuration = configuration;
    this.order = order;
    this.partitions = partitions;
    this.padded = padded;
    this.words = new int[order];
    this.tables = new GramTable[order + 1];
    for (int n = 2; n <= order; n++) {
      tables[n] = new GramTable(packing, n, 1);
    }
  }

  @Override
  boolean advance() {
    if (!files.hasNext()) {
      return false;
    }
    CountReader.read(files.next(), configuration, this::accept);
    sendRun();
    return true;
  }

  private void accept(CountReader gram, long count) {
    int n = gram.order();
    if (n == 1 || n > order || count == 0 || (padded && n < order && id(gram, 0) != Words.BEGIN)) {
      return;
    }
    for (int i = 0; i < n; i++) {
      int id = id(gram, i);
      if (padded && (id == Words.BEGIN && i > 0 || id == Words.END && i < n - 1)) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "a sentence begins or ends inside of the n-gram '" + gram.text() + "'",
            gram.path(),
            "count sentences one by one, so that n-grams do not cross their ends");
      }
      words[n - 1 - i] = id;
    }
    int length = n;
    if (padded) {
      for (; length < order; length++) {
        words[length] = Words.BEGIN;
      }
    }
    GramTable table = tables[length];
    int at = table.append();
    packing.pack(words, length, table.records(), at);
    table.records()[at + table.keyLongs()] = count;
    if (++grams == RUN_GRAMS) {
      sendRun();
    }
  }

  private int id(CountReader gram, int word) {
    int id = vocabulary.find(gram.bytes(), gram.start(word), gram.end(word));
    if (id >= 0) {
      return id;
    }
    if (limited) {
      return Words.UNKNOWN;
    }
    throw new WordmillException(
        ExitCode.BAD_INPUT,
        "no unigram has the word at place " + (word + 1) + " of '" + gram.text() + "'",
        gram.path(),
        "give counts of all orders, of the same text");
  }

  private void sendRun() {
    flush();
    for (int n = 2; n <= order; n++) {
      tables[n].sort();
      send(tables[n], n);
      tables[n].clear();
    }
    flush();
    grams = 0;
  }

  private void send(GramTable table, int n) {
    long[] records = table.records();
    int stride = table.stride();
    int countAt = table.keyLongs();
    int next = 0;
    while (next < table.count()) {
      int at = next * stride;
      long count = 0;
      do {
        count += records[next * stride + countAt];
        next++;
      } while (next < table.count() && packing.samePrefix(records, at, records, next * stride, n));
      packing.unpack(records, at, n, words);
      writer(n, Packing.partition(words[1], words[0], partitions)).add(words, count);
    }
  }
}
