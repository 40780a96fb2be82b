package org.wordmill.counter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.text.Vocabulary;

/** Words with counts as bytes for a shuffle, and the vocabulary made from them. */
final class Words {
  static final int UNKNOWN = 0;
  static final int BEGIN = 1;
  static final int END = 2;

  /** The number of reserved words, which have the first ids. */
  static final int RESERVED = 3;

  private Words() {}

  /** Appends one word and its count: varint length, bytes, varint count. */
  static void put(VarBytes out, WordTable words, int id) {
    int length = words.end(id) - words.start(id);
    out.putLong(length);
    out.putBytes(words.bytes(), words.start(id), length);
    out.putLong(words.countOf(id));
  }

  /** Adds words and counts that {@link #put} wrote. */
  static void addAll(WordTable words, byte[] block) {
    VarBytes.Reader in = new VarBytes.Reader(block, 0);
    while (in.hasMore()) {
      int length = in.getInt();
      int from = in.skip(length);
      int id = words.add(block, from, from + length);
      words.count(id, in.getLong());
    }
  }

  /**
   * The vocabulary: the reserved words, then the others by falling frequency, ties by their bytes.
   *
   * @param blocks words and counts, no word in two blocks
   * @param unknown the count of {@code <unk>}
   * @param sentences the count of {@code <s>} and of {@code </s>}
   * @param limit how many of the others there are; the counts of the rest go to {@code <unk>}
   * @param named which of the others may be in it at all
   */
  static WordTable vocabulary(
      List<byte[]> blocks, long unknown, long sentences, int limit, Optional<WordTable> named) {
    WordTable unordered = new WordTable(1 << 16);
    blocks.forEach(block -> addAll(unordered, block));
    Integer[] order =
        IntStream.range(0, unordered.size())
            .filter(id -> named.isEmpty() || has(named.get(), unordered, id))
            .boxed()
            .toArray(Integer[]::new);
    Comparator<Integer> byFallingCount =
        (a, b) -> Long.compare(unordered.countOf(b), unordered.countOf(a));
    Arrays.sort(order, byFallingCount.thenComparing(unordered::compare));
    int words = Math.min(limit, order.length);
    long left = unknown;
    for (int id = 0; id < unordered.size(); id++) {
      left += unordered.countOf(id);
    }
    for (int i = 0; i < words; i++) {
      left -= unordered.countOf(order[i]);
    }
    WordTable vocabulary = new WordTable(words + RESERVED);
    addReserved(vocabulary, Vocabulary.UNKNOWN, left);
    addReserved(vocabulary, Vocabulary.BEGIN, sentences);
    addReserved(vocabulary, Vocabulary.END, sentences);
    for (int i = 0; i < words; i++) {
      int old = order[i];
      int id = vocabulary.add(unordered.bytes(), unordered.start(old), unordered.end(old));
      vocabulary.count(id, unordered.countOf(old));
    }
    return vocabulary;
  }

  /**
   * The words of a vocabulary file, if there is one.
   *
   * @param file its path; empty for none
   */
  static Optional<WordTable> named(String file, Configuration configuration) {
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(VocabularyFile.read(file, configuration));
  }

  private static boolean has(WordTable named, WordTable words, int id) {
    return named.find(words.bytes(), words.start(id), words.end(id)) != WordTable.ABSENT;
  }

  private static void addReserved(WordTable vocabulary, String word, long count) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    vocabulary.count(vocabulary.add(bytes, 0, bytes.length), count);
  }

  /**
   * The global ids of a split's words, by local id.
   *
   * @param limited whether words that are not in the vocabulary are {@code <unk>}
   */
  static int[] globalIds(WordTable local, WordTable vocabulary, boolean limited) {
    int[] ids = new int[local.size()];
    for (int id = 0; id < ids.length; id++) {
      ids[id] = vocabulary.find(local.bytes(), local.start(id), local.end(id));
      if (ids[id] < 0 && limited) {
        ids[id] = UNKNOWN;
      } else if (ids[id] < 0) {
        throw new IllegalStateException(
            "the word '" + local.word(id) + "' is not in the vocabulary: the input has changed");
      }
    }
    return ids;
  }
}
