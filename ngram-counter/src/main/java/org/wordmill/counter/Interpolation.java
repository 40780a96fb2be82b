package org.wordmill.counter;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.wordmill.format.arpa.ArpaBuffer;
import scala.Tuple2;

/**
 * Stage four of Kneser-Ney: the n-grams of one partition by their last two words, in suffix order.
 * An n-gram follows the n-gram one word shorter that it ends in, so p(w|h) = u(w|h) + gamma(h)
 * p(w|h') is one walk down the orders, from the unigram probabilities that every task has. The
 * result is lines of ARPA, as chunks by order.
 */
final class Interpolation implements Iterator<Tuple2<Integer, byte[]>> {
  private static final int CHUNK_BYTES = 256 << 10;

  private final Packing packing;
  private final int order;
  private final UnigramModel unigrams;
  private final WordTable vocabulary;
  private final GramTable[] tables;
  private final ArpaBuffer[] lines;
  private final int[] next;
  private final NumberTexts backoffs = new NumberTexts();

  /**
   * By order where the words of the n-gram that the walk stands at are: in what was written of its
   * order, or for one word, in the vocabulary. They end in those of the order below.
   */
  private final int[] starts;

  private final int[] lengths;
  private final ArrayDeque<Tuple2<Integer, byte[]>> finished = new ArrayDeque<>();
  private boolean exhausted;

  /**
   * @param blocks all blocks of the partition; read to the end here
   */
  Interpolation(
      Packing packing,
      Iterator<Tuple2<Integer, byte[]>> blocks,
      int order,
      UnigramModel unigrams,
      WordTable vocabulary) {
    this.packing = packing;
    this.order = order;
    this.unigrams = unigrams;
    this.vocabulary = vocabulary;
    this.next = new int[order + 2];
    this.starts = new int[order + 1];
    this.lengths = new int[order + 1];
    this.tables = new GramTable[order + 1];
    this.lines = new ArpaBuffer[order + 1];
    for (int n = 2; n <= order; n++) {
      tables[n] = new GramTable(packing, n, n < order ? 2 : 1);
      lines[n] = new ArpaBuffer();
    }
    while (blocks.hasNext()) {
      read(new GramBlockReader(blocks.next()._2()));
    }
    GramTable.sortEach(Arrays.copyOfRange(tables, 2, order + 1));
  }

  private void read(GramBlockReader block) {
    int n = block.order();
    GramTable table = tables[n];
    int payloadAt = table.keyLongs();
    float gamma = 0;
    while (block.next()) {
      int at = table.append();
      long[] records = table.records();
      packing.packReversed(block.words(), n, records, at);
      float discounted = block.getFloat();
      if ((block.small() & Normalization.HAS_GAMMA) != 0) {
        gamma = block.getFloat();
      }
      records[at + payloadAt] = bits(discounted) << 32 | bits(gamma);
      boolean hasBackoff = (block.small() & Normalization.HAS_BACKOFF) != 0;
      float backoff = hasBackoff ? block.getFloat() : 1;
      if (n < order) {
        records[at + payloadAt + 1] = bits(backoff);
      }
    }
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xFFFFFFFFL;
  }

  @Override
  public boolean hasNext() {
    while (finished.isEmpty() && !exhausted) {
      if (next[2] < tables[2].count()) {
        int at = next[2]++ * tables[2].stride();
        int last = packing.word(tables[2].records(), at, 0);
        starts[1] = vocabulary.start(last);
        lengths[1] = vocabulary.end(last) - starts[1];
        descend(2, at, unigrams.probability(last));
      } else {
        for (int n = 2; n <= order; n++) {
          finish(n);
        }
        exhausted = true;
      }
    }
    return !finished.isEmpty();
  }

  @Override
  public Tuple2<Integer, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return finished.remove();
  }

  /**
   * Writes the n-gram at an index of its table's records, and all longer ones that end in it.
   *
   * @param lower the probability of the n-gram one word shorter that it ends in
   */
  private void descend(int n, int at, double lower) {
    GramTable table = tables[n];
    long payload = table.records()[at + table.keyLongs()];
    double probability =
        Float.intBitsToFloat((int) (payload >>> 32)) + Float.intBitsToFloat((int) payload) * lower;
    begin(n, logarithm(probability), packing.word(table.records(), at, n - 1));
    if (n < order) {
      float backoff = Float.intBitsToFloat((int) table.records()[at + table.keyLongs() + 1]);
      lines[n].endEntry(backoffs.log10(backoff));
    } else {
      lines[n].endEntry();
    }
    if (lines[n].length() >= CHUNK_BYTES) {
      finish(n);
    }
    if (n == order) {
      return;
    }
    GramTable longer = tables[n + 1];
    while (next[n + 1] < longer.count()) {
      int longerAt = next[n + 1] * longer.stride();
      if (!packing.samePrefix(table.records(), at, longer.records(), longerAt, n)) {
        return;
      }
      next[n + 1]++;
      descend(n + 1, longerAt, probability);
    }
  }

  /** Begins an entry, whose words are one more before those of the order below. */
  private void begin(int n, float logProbability, int firstWord) {
    byte[] rest = n == 2 ? vocabulary.bytes() : lines[n - 1].bytes();
    int start = vocabulary.start(firstWord);
    int length = vocabulary.end(firstWord) - start;
    ArpaBuffer buffer = lines[n];
    buffer.beginEntry(
        logProbability, vocabulary.bytes(), start, length, rest, starts[n - 1], lengths[n - 1]);
    lengths[n] = length + 1 + lengths[n - 1];
    starts[n] = buffer.length() - lengths[n];
  }

  private void finish(int n) {
    if (lines[n].length() > 0) {
      finished.add(new Tuple2<>(n, lines[n].toByteArray()));
      lines[n].clear();
    }
  }

  /** log10 of a probability, which rounding may have lifted above 1. */
  static float logarithm(double probability) {
    return (float) Math.min(0, Math.log10(probability));
  }

  /** log10 of a back-off weight. */
  static float log10(double weight) {
    return (float) Math.log10(weight);
  }

  /** The chunk that holds the unigrams, which the driver writes. */
  static byte[] unigramLines(UnigramModel unigrams, WordTable vocabulary, boolean highest) {
    ArpaBuffer lines = new ArpaBuffer();
    byte[][] words = vocabulary.toArrays();
    int[] word = new int[1];
    for (word[0] = 0; word[0] < words.length; word[0]++) {
      if (!unigrams.isKept(word[0])) {
        continue;
      }
      float probability = logarithm(unigrams.probability(word[0]));
      if (highest) {
        lines.entry(probability, words, word, 0, 1);
      } else {
        lines.entry(probability, words, word, 0, 1, log10(unigrams.backoff(word[0])));
      }
    }
    return lines.toByteArray();
  }
}
