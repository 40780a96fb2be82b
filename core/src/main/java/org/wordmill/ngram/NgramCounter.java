package org.wordmill.ngram;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextReport;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;
import org.wordmill.text.WordScanner;

/**
 * Counts the n-grams of texts on one machine, one sentence a line; an empty line is the sentence
 * {@code <s> </s>}. Word ids are {@code <unk>} 0, {@code <s>} 1, {@code </s>} 2, then by first
 * occurrence.
 *
 * <p>One counter belongs to one thread.
 */
public final class NgramCounter {
  private static final int UNKNOWN = 0;
  private static final int BEGIN = 1;
  private static final int END = 2;

  private final TextPolicy policy;
  private final WordScanner scanner;
  private TextReport lineReport = TextReport.EMPTY;
  private final WordIds ids = new WordIds();
  private final NgramLevel[] levels;
  private final long[][] counts;
  private int[] sentence = new int[64];

  public NgramCounter(int order, TextPolicy policy) {
    KneserNeyOptions.ofOrder(order);
    this.policy = policy;
    scanner = new WordScanner(policy);
    levels = new NgramLevel[order - 1];
    Arrays.setAll(levels, i -> new NgramLevel(1 << 10));
    counts = new long[order][1 << 10];
    for (String reserved : List.of(Vocabulary.UNKNOWN, Vocabulary.BEGIN, Vocabulary.END)) {
      ids.add(reserved);
    }
  }

  /**
   * Counts a whole text.
   *
   * @param in UTF-8, read to its end, not closed
   * @param file the name for messages
   */
  public NgramCounter read(InputStream in, String file) throws IOException {
    LineReader lines = new LineReader(in, file, policy);
    while (lines.next()) {
      int words =
          scanner.scan(
              lines.bytes(), lines.start(), lines.end() - lines.start(), file, lines.position());
      if (words >= 0) {
        countLine(words);
      }
    }
    lineReport = lineReport.plus(lines.report());
    return this;
  }

  /** What was met in the texts. */
  public TextReport report() {
    return scanner.report().plus(lineReport);
  }

  /** The counts of everything read; this counter must not be used any more. */
  public NgramCounts counts() {
    for (int k = 1; k <= counts.length; k++) {
      counts[k - 1] = Arrays.copyOf(counts[k - 1], k == 1 ? ids.size() : levels[k - 2].size());
    }
    return new NgramCounts(ids.vocabulary(), levels, counts);
  }

  private void countLine(int words) {
    if (sentence.length < words + 2) {
      sentence = new int[2 * (words + 2)];
    }
    sentence[0] = BEGIN;
    for (int i = 0; i < words; i++) {
      sentence[i + 1] =
          scanner.isUnknown(i)
              ? UNKNOWN
              : ids.add(scanner.bytes(), scanner.start(i), scanner.end(i));
    }
    sentence[words + 1] = END;
    int length = words + 2;
    for (int start = 0; start < length; start++) {
      int index = sentence[start];
      increment(1, index);
      int longest = Math.min(counts.length, length - start);
      for (int k = 2; k <= longest; k++) {
        index = levels[k - 2].add(index, sentence[start + k - 1]);
        increment(k, index);
      }
    }
  }

  private void increment(int order, int index) {
    if (index >= counts[order - 1].length) {
      counts[order - 1] = Arrays.copyOf(counts[order - 1], 2 * index);
    }
    counts[order - 1][index]++;
  }
}
