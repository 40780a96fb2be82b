package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/**
 * N-grams in hash tables, one for each order, under keys that their words give from the last to the
 * first. The sign of a probability says whether longer n-grams end in this one: a plus sign if so.
 */
final class ProbingSearch implements Search {
  private static final long KEY_FACTOR = 0x7C9BA2733B63F585L;
  private static final long WORD_FACTOR = 0xF8574E1221634907L;

  private static final int KEY_BYTES = Long.BYTES;

  private final int unigramBytes;
  private final MappedBytes unigrams;
  private final HashTable[] middles;
  private final HashTable longest;

  private ProbingSearch(
      int unigramBytes, MappedBytes unigrams, HashTable[] middles, HashTable longest) {
    this.unigramBytes = unigramBytes;
    this.unigrams = unigrams;
    this.middles = middles;
    this.longest = longest;
  }

  static ProbingSearch map(Sections file, KenlmHeader header) throws IOException {
    // A rest cost, which only decoders ask for, is a third number behind the two.
    int weights = header.type() == KenlmType.REST_PROBING ? 12 : 8;
    MappedBytes unigrams = file.next((header.count(1) + 1) * weights, "unigrams");
    HashTable[] middles = new HashTable[header.order() - 2];
    for (int k = 2; k < header.order(); k++) {
      middles[k - 2] =
          HashTable.map(file, header, header.count(k), 8 + weights, "n-grams of order " + k);
    }
    int highest = header.order();
    return new ProbingSearch(
        weights,
        unigrams,
        middles,
        HashTable.map(file, header, header.count(highest), 12, "n-grams of order " + highest));
  }

  private static long key(long words, int before) {
    return words * KEY_FACTOR ^ (before + 1L) * WORD_FACTOR;
  }

  @Override
  public void unigram(int word, Lookup at) {
    at.node = word;
    long entry = (long) word * unigramBytes;
    read(unigrams.getInt(entry), unigrams.getFloat(entry + 4), at);
  }

  @Override
  public boolean middle(int order, int word, Lookup at) {
    HashTable table = middles[order - 2];
    at.node = key(at.node, word);
    long entry = table.find(at.node);
    if (entry == HashTable.NONE) {
      return false;
    }
    read(table.getInt(entry + 8), table.getFloat(entry + 12), at);
    return true;
  }

  @Override
  public boolean longest(int word, Lookup at) {
    long entry = longest.find(key(at.node, word));
    if (entry == HashTable.NONE) {
      return false;
    }
    at.probability = longest.getFloat(entry + 8);
    return true;
  }

  @Override
  public void readAhead(int[] words, int[] reach, int from, int to, ReadAhead ahead) {
    int count = to - from;
    for (int i = 0; i < count; i++) {
      ahead.keys[i] = words[from + i];
      ahead.open[i] = i;
    }
    for (int k = 2; k <= middles.length + 2 && count > 0; k++) {
      HashTable table = k < middles.length + 2 ? middles[k - 2] : longest;
      int reaching = 0;
      for (int j = 0; j < count; j++) {
        int i = ahead.open[j];
        ahead.open[reaching] = i;
        reaching += reach[from + i] >= k ? 1 : 0;
      }
      for (int j = 0; j < reaching; j++) {
        int i = ahead.open[j];
        ahead.keys[i] = key(ahead.keys[i], words[from + i - k + 1]);
        ahead.offsets[j] = table.offset(ahead.keys[i]);
      }
      table.getInts(ahead.offsets, 0, reaching, ahead.found);
      table.getInts(ahead.offsets, KEY_BYTES, reaching, ahead.weights);
      count = 0;
      for (int j = 0; j < reaching; j++) {
        int i = ahead.open[j];
        // Another key may stand in the way of one that is there.
        boolean absent = ahead.found[j] == 0;
        boolean independent = ahead.found[j] == (int) ahead.keys[i] & ahead.weights[j] < 0;
        ahead.open[count] = i;
        count += absent | independent ? 0 : 1;
      }
    }
  }

  private static void read(int probability, float backoff, Lookup at) {
    at.probability = Lookup.negative(probability);
    at.independent = probability < 0;
    at.backoff = backoff;
  }
}
