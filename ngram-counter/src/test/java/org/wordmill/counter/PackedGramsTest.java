package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed n-grams, their sorting and their blocks against plain arrays, on random n-grams. */
final class PackedGramsTest {
  private static final long SEED = 20261122;

  @ParameterizedTest
  @CsvSource({
    "2, 4, 1",
    "3, 100, 2",
    "5, 300000, 1",
    "5, 300000, 2",
    "4, 300000, 2",
    "5, 20, 0",
    "5, 300000, 0",
    "8, 2000000, 1",
    "6, 2147483647, 2",
    "1, 1000, 1",
    "4, 32768, 3"
  })
  void sortsLikeArraysOfWords(int order, int vocabulary, int payloadLongs) {
    Packing packing = Packing.forVocabulary(vocabulary);
    GramTable table = new GramTable(packing, order, payloadLongs);
    List<int[]> expected = randomGrams(order, vocabulary);
    for (int i = 0; i < expected.size(); i++) {
      int at = table.append();
      packing.pack(expected.get(i), order, table.records(), at);
      for (int payload = table.keyLongs(); payload < table.stride(); payload++) {
        table.records()[at + payload] = checksum(expected.get(i)) + payload;
      }
    }
    table.sort();
    expected.sort(Arrays::compare);

    int[] words = new int[order];
    for (int i = 0; i < expected.size(); i++) {
      int at = i * table.stride();
      packing.unpack(table.records(), at, order, words);
      assertThat(words).as("seed %d, n-gram %d", SEED, i).isEqualTo(expected.get(i));
      for (int payload = table.keyLongs(); payload < table.stride(); payload++) {
        assertThat(table.records()[at + payload]).isEqualTo(checksum(words) + payload);
      }
      if (i > 0) {
        int shared = Math.max(0, Arrays.mismatch(expected.get(i - 1), words));
        if (Arrays.equals(expected.get(i - 1), words)) {
          shared = order;
        }
        int before = at - table.stride();
        for (int n = 1; n <= order; n++) {
          assertThat(packing.samePrefix(table.records(), before, table.records(), at, n))
              .isEqualTo(shared >= n);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 4", "3, 100", "5, 300000", "8, 2000000", "6, 2147483647"})
  void packingBackwardsIsPackingTheReversedWords(int order, int vocabulary) {
    Packing packing = Packing.forVocabulary(vocabulary);
    for (int[] words : randomGrams(order, vocabulary).subList(0, 100)) {
      int[] reversed = new int[order];
      for (int i = 0; i < order; i++) {
        reversed[i] = words[order - 1 - i];
      }
      long[] expected = new long[packing.longs(order)];
      long[] actual = new long[expected.length];
      packing.pack(reversed, order, expected, 0);
      packing.packReversed(words, order, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 4", "3, 100", "5, 300000", "8, 2000000", "6, 2147483647"})
  void blocksReadBackAsTheyWereWritten(int order, int vocabulary) {
    TreeMap<int[], Long> grams = new TreeMap<>(Arrays::compare);
    Random random = new Random(SEED);
    for (int[] words : randomGrams(order, vocabulary)) {
      grams.put(words, random.nextInt(4) > 0 ? random.nextInt(40) : random.nextLong(1L << 60));
    }
    GramBlockWriter writer = new GramBlockWriter(order);
    List<byte[]> blocks = new ArrayList<>();
    grams.forEach(
        (words, small) -> {
          if (writer.size() > 5000) {
            blocks.add(writer.finish());
          }
          writer.add(words, small);
          writer.putFloat(words[0] / 3f);
        });
    blocks.add(writer.finish());

    TreeMap<int[], Long> read = new TreeMap<>(Arrays::compare);
    for (byte[] block : blocks) {
      GramBlockReader reader = new GramBlockReader(block);
      assertThat(reader.order()).isEqualTo(order);
      while (reader.next()) {
        read.put(reader.words().clone(), reader.small());
        assertThat(reader.getFloat()).isEqualTo(reader.words()[0] / 3f);
      }
    }
    assertThat(read.size()).isEqualTo(grams.size());
    grams.forEach((words, small) -> assertThat(read.get(words)).isEqualTo(small));
  }

  /** Random n-grams, many of which are alike or begin alike. */
  private static List<int[]> randomGrams(int order, int vocabulary) {
    Random random = new Random(SEED);
    List<int[]> grams = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int[] words = new int[order];
      for (int w = 0; w < order; w++) {
        int limit = random.nextBoolean() ? Math.min(4, vocabulary) : vocabulary;
        words[w] = random.nextInt(limit);
      }
      grams.add(words);
    }
    // More equal ones than are sorted by insertion, told from others by the last word alone.
    int[] other = grams.get(0).clone();
    other[order - 1] ^= 1;
    for (int i = 0; i < 60; i++) {
      grams.add(grams.get(0).clone());
      grams.add(other.clone());
    }
    return grams;
  }

  private static long checksum(int[] words) {
    return Arrays.hashCode(words);
  }
}
