package org.wordmill.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One token per word, where words are separated by NUL, tab, line feed, carriage return or space
 * (as {@link WordScanner} has it). Encoding forgets which white space it was; decoding puts one
 * space between words.
 *
 * <p>The reserved words {@code <s>}, {@code </s>} and {@code <unk>} in text are unknown words: a
 * text cannot forge a sentence boundary.
 */
public final class WhitespaceWords implements Tokenizer {
  private final Vocabulary vocabulary;

  /**
   * @param vocabulary has {@code <unk>}
   */
  public WhitespaceWords(Vocabulary vocabulary) {
    if (vocabulary.unknown() == Vocabulary.NONE) {
      throw new IllegalArgumentException("a vocabulary of words needs " + Vocabulary.UNKNOWN);
    }
    this.vocabulary = vocabulary;
  }

  /**
   * The words of a text: {@code <unk>}, {@code <s>}, {@code </s>}, then the words by falling
   * frequency, equal ones by their code units.
   *
   * @param in UTF-8, read to its end, not closed
   * @param file the name for messages
   * @param minCount rarer words are left out
   */
  public static WhitespaceWords fromText(
      InputStream in, String file, TextPolicy policy, long minCount) throws IOException {
    Map<String, long[]> counts = new HashMap<>();
    LineReader lines = new LineReader(in, file, policy);
    WordScanner scanner = new WordScanner(policy);
    while (lines.next()) {
      int words =
          scanner.scan(
              lines.bytes(), lines.start(), lines.end() - lines.start(), file, lines.position());
      for (int i = 0; i < words; i++) {
        if (!scanner.isUnknown(i)) {
          counts.computeIfAbsent(scanner.word(i), w -> new long[1])[0]++;
        }
      }
    }
    List<String> tokens =
        new ArrayList<>(List.of(Vocabulary.UNKNOWN, Vocabulary.BEGIN, Vocabulary.END));
    counts.entrySet().stream()
        .filter(e -> e.getValue()[0] >= minCount)
        .sorted(
            Comparator.comparingLong((Map.Entry<String, long[]> e) -> -e.getValue()[0])
                .thenComparing(Map.Entry::getKey))
        .forEach(e -> tokens.add(e.getKey()));
    return new WhitespaceWords(new Vocabulary(tokens));
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Encoder encoder = new Encoder(bytes.length / 4);
    encoder.add(bytes, 0, bytes.length);
    return encoder.ids();
  }

  /**
   * The ids of the words of each line and of {@code </s>} behind them.
   *
   * @throws IllegalStateException when the vocabulary has no {@code </s>}
   */
  @Override
  public int[] encodeLines(String lines) {
    if (vocabulary.end() == Vocabulary.NONE) {
      throw new IllegalStateException("a vocabulary without " + Vocabulary.END);
    }
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    Encoder encoder = new Encoder(bytes.length / 4);
    for (int from = 0; from < bytes.length; ) {
      int to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      encoder.add(bytes, from, to);
      encoder.add(vocabulary.end());
      from = to + 1;
    }
    return encoder.ids();
  }

  /** Gathers ids. */
  private final class Encoder {
    private final WordScanner scanner = new WordScanner(TextPolicy.IN_MEMORY);
    private int[] ids;
    private int size;

    Encoder(int expected) {
      ids = new int[Math.max(16, expected)];
    }

    void add(byte[] text, int from, int to) {
      int words = scanner.scan(text, from, to - from, "text", from);
      for (int i = 0; i < words; i++) {
        add(scanner.isUnknown(i) ? vocabulary.unknown() : vocabulary.id(scanner.word(i)));
      }
    }

    void add(int id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
      }
      ids[size++] = id;
    }

    int[] ids() {
      return Arrays.copyOf(ids, size);
    }
  }

  @Override
  public String decode(int[] ids) {
    return String.join(" ", Arrays.stream(ids).mapToObj(vocabulary::token).toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WhitespaceWords words
        && words.vocabulary.tokens().equals(vocabulary.tokens());
  }

  @Override
  public int hashCode() {
    return Objects.hash(vocabulary.tokens());
  }
}
