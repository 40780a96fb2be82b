package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/**
 * N-grams in a trie of their words from the last to the first: an entry points to those that have
 * one more word before it, among which that word is searched for.
 */
final class TrieSearch implements Search {
  private static final int UNIGRAM = 16;

  private final MappedBytes unigrams;
  private final Weights weights;
  private final PackedLevel[] middles;
  private final Pointers[] pointers;
  private final PackedLevel longest;

  private TrieSearch(
      MappedBytes unigrams,
      Weights weights,
      PackedLevel[] middles,
      Pointers[] pointers,
      PackedLevel longest) {
    this.unigrams = unigrams;
    this.weights = weights;
    this.middles = middles;
    this.pointers = pointers;
    this.longest = longest;
  }

  static TrieSearch map(Sections file, KenlmHeader header) throws IOException {
    Weights weights =
        header.type().quantized() ? QuantizedWeights.map(file, header) : new PlainWeights();
    // One more for <unk>, and one more whose pointer ends the last word's.
    MappedBytes unigrams = file.next((header.count(1) + 2) * UNIGRAM, "unigrams");
    int count = header.order() - 2;
    PackedLevel[] middles = new PackedLevel[count];
    Pointers[] pointers = new Pointers[count];
    int mostCut = header.type().array() && count > 0 ? ArrayPointers.mostCut(file) : 0;
    for (int i = 0; i < count; i++) {
      int order = i + 2;
      pointers[i] =
          header.type().array()
              ? ArrayPointers.map(file, header, order, mostCut)
              : new InlinePointers(header.count(order + 1));
      middles[i] =
          PackedLevel.map(file, header, order, weights.middleBits() + pointers[i].inlineBits());
    }
    return new TrieSearch(
        unigrams,
        weights,
        middles,
        pointers,
        PackedLevel.map(file, header, header.order(), weights.longestBits()));
  }

  @Override
  public void unigram(int word, Lookup at) {
    long entry = (long) word * UNIGRAM;
    at.probability = unigrams.getFloat(entry);
    at.backoff = unigrams.getFloat(entry + 4);
    at.node = unigrams.getLong(entry + 8);
    at.end = unigrams.getLong(entry + UNIGRAM + 8);
    at.independent = at.node == at.end;
  }

  @Override
  public boolean middle(int order, int word, Lookup at) {
    PackedLevel level = middles[order - 2];
    long entry = level.find(word, at.node, at.end);
    if (entry == PackedLevel.NONE) {
      return false;
    }
    long bit = level.weights(entry);
    weights.middle(order, level.entries(), bit, at);
    pointers[order - 2].read(
        level.entries(), entry, bit + weights.middleBits(), level.entryBits(), at);
    at.independent = at.node == at.end;
    return true;
  }

  @Override
  public boolean longest(int word, Lookup at) {
    long entry = longest.find(word, at.node, at.end);
    if (entry == PackedLevel.NONE) {
      return false;
    }
    at.probability = weights.longest(longest.entries(), longest.weights(entry));
    return true;
  }
}
