package org.wordmill.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.wordmill.text.ByteLevelBpe.Merge;

/** The merges that are learned, compared with counting all pairs anew before each. */
class BpeTrainerTest {

  private static ByteLevelBpe train(Map<String, Long> words, int size, long minCount) {
    BpeTrainer trainer = new BpeTrainer(size, minCount, List.of(ByteLevelBpe.END_OF_TEXT));
    words.forEach(trainer::add);
    return trainer.train();
  }

  @Test
  void theMostFrequentPairIsMergedFirst() {
    // Sennrich et al. (2016): low 5, lower 2, newest 6, widest 3. Pairs: es 9, st 9, we 8, lo 7...
    Map<String, Long> words = Map.of("low", 5L, "lower", 2L, "newest", 6L, "widest", 3L);
    assertThat(train(words, 257 + 5, 2).merges())
        .containsExactly(
            new Merge("e", "s"),
            new Merge("es", "t"),
            new Merge("l", "o"),
            new Merge("lo", "w"),
            new Merge("e", "w"));
  }

  @Test
  void mergesAreThoseOfCountingAllPairsEachTime() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      Map<String, Long> words = new TreeMap<>();
      for (int i = 0; i < 60; i++) {
        StringBuilder word = new StringBuilder();
        for (int length = 1 + random.nextInt(12); length > 0; length--) {
          word.append("aab é".charAt(random.nextInt(5)));
        }
        words.put(word.toString(), 1L + random.nextInt(20));
      }
      int size = 257 + random.nextInt(120);
      long minCount = 1 + random.nextInt(30);
      assertThat(train(words, size, minCount).merges())
          .as("seed %d", seed)
          .isEqualTo(naive(words, size, minCount));
    }
  }

  @Test
  void theOrderAndTheSplittingOfCountsDoNotMatter() {
    Map<String, Long> words = new HashMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      words.put(Integer.toString(random.nextInt(1_000_000), 4), 2L * (1 + random.nextInt(3)));
    }
    List<String> shuffled = new ArrayList<>(words.keySet());
    Collections.shuffle(shuffled, random);
    BpeTrainer trainer = new BpeTrainer(400, 2, List.of(ByteLevelBpe.END_OF_TEXT));
    for (int twice = 0; twice < 2; twice++) {
      shuffled.forEach(word -> trainer.add(word, words.getOrDefault(word, 0L) / 2));
    }
    assertThat(trainer.train()).isEqualTo(train(words, 400, 2));
  }

  @Test
  void trainingEndsWhereNoPairIsFrequentEnough() {
    ByteLevelBpe tokenizer = train(Map.of("abab", 1L, "xy", 1L), 1000, 2);
    assertThat(tokenizer.merges()).containsExactly(new Merge("a", "b"));
    assertThat(tokenizer.vocabulary().size()).isEqualTo(258);
    assertThat(train(Map.of(), 1000, 2).vocabulary().size()).isEqualTo(257);
  }

  @Test
  void aVocabularyWithoutRoomForTheBytesIsRefused() {
    assertThatThrownBy(() -> new BpeTrainer(256, 2, List.of(ByteLevelBpe.END_OF_TEXT)))
        .hasMessageContaining("256");
    assertThatThrownBy(() -> new BpeTrainer(300, 0, List.of())).hasMessageContaining("minimum");
    assertThatThrownBy(() -> new BpeTrainer(300, 1, List.of("a"))).hasMessageContaining("'a'");
  }

  @Test
  void piecesAreCountedAsTheyAreEncoded() {
    PieceCounts counts = new PieceCounts(5);
    counts.add("to be or\nnot to be, 12345678 it's");
    Map<String, Long> all = new TreeMap<>();
    counts.forEach(all::put);
    assertThat(all)
        .containsOnly(
            Map.entry("to", 1L),
            Map.entry(" be", 2L),
            Map.entry(" or", 1L),
            Map.entry("\n", 1L),
            Map.entry("not", 1L),
            Map.entry(" to", 1L),
            Map.entry(",", 1L),
            Map.entry(" it", 1L),
            Map.entry("'s", 1L));
    assertThat(counts.longPieces()).isEqualTo(1);
    assertThat(counts.pieces()).isEqualTo(11);
  }

  private static List<Merge> naive(Map<String, Long> words, int size, long minCount) {
    List<String> tokens = new ArrayList<>(List.of(ByteLevelBpe.END_OF_TEXT));
    for (int c = 0; c < 0x144; c++) {
      if (ByteAlphabet.byteOf((char) c) >= 0) {
        tokens.add(String.valueOf((char) c));
      }
    }
    Map<List<String>, Long> spelled = new HashMap<>();
    words.forEach(
        (word, count) -> {
          StringBuilder characters = new StringBuilder();
          for (byte b : word.getBytes(UTF_8)) {
            characters.append(ByteAlphabet.character(b & 0xFF));
          }
          spelled.put(Arrays.asList(characters.toString().split("")), count);
        });
    List<Merge> merges = new ArrayList<>();
    while (tokens.size() < size) {
      Map<Merge, Long> pairs = new HashMap<>();
      spelled.forEach(
          (word, count) -> {
            for (int i = 0; i + 1 < word.size(); i++) {
              pairs.merge(new Merge(word.get(i), word.get(i + 1)), count, Long::sum);
            }
          });
      Merge best = null;
      for (Merge pair : pairs.keySet()) {
        if (pairs.getOrDefault(pair, 0L) >= minCount
            && (best == null || before(pair, best, pairs, tokens))) {
          best = pair;
        }
      }
      if (best == null) {
        return merges;
      }
      merges.add(best);
      if (!tokens.contains(best.left() + best.right())) {
        tokens.add(best.left() + best.right());
      }
      Map<List<String>, Long> next = new HashMap<>();
      for (Map.Entry<List<String>, Long> word : spelled.entrySet()) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < word.getKey().size(); i++) {
          String symbol = word.getKey().get(i);
          boolean pair =
              i + 1 < word.getKey().size()
                  && symbol.equals(best.left())
                  && word.getKey().get(i + 1).equals(best.right());
          merged.add(pair ? symbol + best.right() : symbol);
          i += pair ? 1 : 0;
        }
        next.merge(merged, word.getValue(), Long::sum);
      }
      spelled.clear();
      spelled.putAll(next);
    }
    return merges;
  }

  private static boolean before(Merge a, Merge b, Map<Merge, Long> counts, List<String> tokens) {
    int byCount = Long.compare(counts.getOrDefault(b, 0L), counts.getOrDefault(a, 0L));
    int byLeft = Integer.compare(tokens.indexOf(a.left()), tokens.indexOf(b.left()));
    int byRight = Integer.compare(tokens.indexOf(a.right()), tokens.indexOf(b.right()));
    return byCount != 0 ? byCount < 0 : byLeft != 0 ? byLeft < 0 : byRight < 0;
  }
}
