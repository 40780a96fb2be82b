package org.wordmill.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns a byte-level byte pair encoding from counted pieces of text ({@link PieceCounts}): the
 * pair of neighbouring symbols that occurs most often becomes one symbol, again and again, until
 * the vocabulary is full or no pair is left that is frequent enough.
 *
 * <p>Ids: the special tokens, the 256 bytes in the order of their characters, then the merges. Of
 * equally frequent pairs the one with the smaller left id goes first, then the one with the smaller
 * right id. So the result depends on the counts alone, not on the order in which they came, and is
 * that of Hugging Face's trainer for the same counts, special tokens and minimum.
 *
 * <p>Counts of pairs are kept up to date where a merge changes a word, so a merge costs the words
 * it touches. Memory: 4 bytes for each byte of the distinct pieces, 12 for each piece, and about 40
 * for each distinct pair.
 */
public final class BpeTrainer {
  private final int vocabularySize;
  private final long minCount;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final int[] idOfByte = new int[ByteAlphabet.SIZE];
  private final List<String> specials;

  private int[] symbols = new int[1 << 16];
  private int[] starts = new int[1 << 12];
  private int[] lengths = new int[1 << 12];
  private long[] counts = new long[1 << 12];
  private int words;
  private int used;

  /** A pair in the queue, with the count that it had when it was put there. */
  private record Candidate(long count, long pair, int index) {
    /** The first in order is merged first. */
    static final Comparator<Candidate> ORDER =
        Comparator.comparingLong((Candidate candidate) -> -candidate.count)
            .thenComparingLong(Candidate::pair);
  }

  /**
   * @param vocabularySize the most tokens, bytes and special tokens among them
   * @param minCount rarer pairs are not merged
   * @param specials the names of the special tokens, which get the first ids
   * @throws IllegalArgumentException if bytes and special tokens do not fit, or a name is bad
   */
  public BpeTrainer(int vocabularySize, long minCount, List<String> specials) {
    if (vocabularySize < ByteAlphabet.SIZE + specials.size()) {
      throw new IllegalArgumentException(
          "a vocabulary of "
              + vocabularySize
              + " has no room for 256 bytes and "
              + specials.size()
              + " special tokens");
    }
    if (minCount < 1) {
      throw new IllegalArgumentException("the minimum count is " + minCount);
    }
    this.vocabularySize = vocabularySize;
    this.minCount = minCount;
    this.specials = List.copyOf(specials);
    for (String special : specials) {
      boolean isByte = special.length() == 1 && ByteAlphabet.spells(special);
      if (special.isEmpty() || isByte || ids.containsKey(special)) {
        throw new IllegalArgumentException("a bad special token: '" + special + "'");
      }
      token(special);
    }
    List<Character> alphabet = new ArrayList<>();
    for (int b = 0; b < ByteAlphabet.SIZE; b++) {
      alphabet.add(ByteAlphabet.character(b));
    }
    alphabet.stream()
        .sorted()
        .forEach(c -> idOfByte[ByteAlphabet.byteOf(c)] = token(String.valueOf(c)));
  }

  private int token(String token) {
    Integer known = ids.putIfAbsent(token, tokens.size());
    if (known != null) {
      return known;
    }
    tokens.add(token);
    return tokens.size() - 1;
  }

  /**
   * Adds a piece of text that occurred some times; counts of the same piece add up.
   *
   * @throws IllegalArgumentException if all pieces together have more than 2^31 - 17 bytes
   */
  public void add(String piece, long count) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    if (used > Integer.MAX_VALUE - 16 - bytes.length) {
      throw new IllegalArgumentException("the distinct pieces have more than 2^31 bytes");
    }
    if (used + bytes.length > symbols.length) {
      long wanted = Math.max(used + (long) bytes.length, symbols.length * 3L / 2);
      symbols = Arrays.copyOf(symbols, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }
    if (words == starts.length) {
      starts = Arrays.copyOf(starts, words + words / 2);
      lengths = Arrays.copyOf(lengths, words + words / 2);
      counts = Arrays.copyOf(counts, words + words / 2);
    }
    for (int i = 0; i < bytes.length; i++) {
      symbols[used + i] = idOfByte[bytes[i] & 0xFF];
    }
    starts[words] = used;
    lengths[words] = bytes.length;
    counts[words++] = count;
    used += bytes.length;
  }

  /** The pieces that were added. */
  public int pieces() {
    return words;
  }

  /** Learns the merges and gives the tokenizer; to be called once. */
  public ByteLevelBpe train() {
    PairCounts pairs = new PairCounts();
    for (int word = 0; word < words; word++) {
      for (int i = starts[word]; i + 1 < starts[word] + lengths[word]; i++) {
        pairs.add(PairCounts.pair(symbols[i], symbols[i + 1]), counts[word], word);
      }
    }
    PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.ORDER);
    for (int index = 0; index < pairs.size(); index++) {
      offer(queue, pairs, index);
    }
    List<ByteLevelBpe.Merge> merges = new ArrayList<>();
    while (tokens.size() < vocabularySize) {
      Candidate best = queue.poll();
      if (best == null) {
        break;
      }
      if (best.count() != pairs.count(best.index())) {
        offer(queue, pairs, best.index());
        continue;
      }
      String left = tokens.get(PairCounts.left(best.pair()));
      String right = tokens.get(PairCounts.right(best.pair()));
      merges.add(new ByteLevelBpe.Merge(left, right));
      int merged = token(left + right);
      Set<Integer> risen = new HashSet<>();
      for (int word : pairs.takeWords(best.index())) {
        merge(word, best.pair(), merged, pairs, risen);
      }
      risen.forEach(index -> offer(queue, pairs, index));
    }
    return new ByteLevelBpe(new Vocabulary(tokens), merges, specials);
  }

  private void offer(PriorityQueue<Candidate> queue, PairCounts pairs, int index) {
    if (pairs.count(index) >= minCount) {
      queue.add(new Candidate(pairs.count(index), pairs.pair(index), index));
    }
  }

  /**
   * Merges a pair in one word from left to right; its neighbours lose one pair and gain another.
   */
  private void merge(int word, long pair, int merged, PairCounts pairs, Set<Integer> risen) {
    int start = starts[word];
    int end = start + lengths[word];
    long count = counts[word];
    int out = start;
    for (int i = start; i < end; i++) {
      if (i + 1 == end || PairCounts.pair(symbols[i], symbols[i + 1]) != pair) {
        symbols[out++] = symbols[i];
        continue;
      }
      if (out > start) {
        pairs.subtract(PairCounts.pair(symbols[out - 1], symbols[i]), count);
        risen.add(pairs.add(PairCounts.pair(symbols[out - 1], merged), count, word));
      }
      pairs.subtract(pair, count);
      if (i + 2 < end) {
        pairs.subtract(PairCounts.pair(symbols[i + 1], symbols[i + 2]), count);
        risen.add(pairs.add(PairCounts.pair(merged, symbols[i + 2]), count, word));
      }
      symbols[out++] = merged;
      i++;
    }
    lengths[word] = out - start;
  }
}
