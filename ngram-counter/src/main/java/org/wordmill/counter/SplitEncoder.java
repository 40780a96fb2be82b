package org.wordmill.counter;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.WordmillException;
import org.wordmill.text.DecompressedStream;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextPolicy.LongLines;
import org.wordmill.text.TextReport;
import org.wordmill.text.WordScanner;

/**
 * Reads a split's text once and turns it into an {@link EncodedSplit}. A line is a sentence; line
 * feeds end lines, and a carriage return is white space wherever it stands.
 */
final class SplitEncoder {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int EXPECTED_WORDS = 1 << 12;

  private final TextPolicy policy;
  private final WordScanner scanner;
  private final WordTable words = new WordTable(EXPECTED_WORDS);
  private final List<byte[]> pages = new ArrayList<>();
  private final VarBytes page = new VarBytes(1 << 16);
  private long tokens;
  private long unknown;
  private long sentences;

  /** What was met but by the scanner. */
  private TextReport met = TextReport.EMPTY;

  private SplitEncoder(TextPolicy policy) {
    this.policy = policy;
    this.scanner = new WordScanner(policy);
  }

  /**
   * @throws WordmillException BAD_INPUT for text that the policy refuses and for compressed files
   *     that are truncated or corrupt, if it does not skip them; STORAGE when the file cannot be
   *     read
   */
  static EncodedSplit encode(TextSplit split, TextPolicy policy, Configuration configuration) {
    SplitEncoder encoder = new SplitEncoder(policy);
    try {
      encoder.read(split, configuration);
      return encoder.finish();
    } catch (WordmillException e) {
      if (!split.compressed() || policy.corrupt() != TextPolicy.Corrupt.SKIP_SHARD) {
        throw e;
      }
      // What a broken file gives may look like any fault: a line that never ends, a reserved word.
      String broken = fault(split, policy, configuration).orElseThrow(() -> e);
      SplitEncoder nothing = new SplitEncoder(policy);
      nothing.met = TextReport.ofSkipped(split.path(), broken);
      return nothing.finish();
    } catch (IOException e) {
      throw TextFiles.unreadable(split.path(), e);
    }
  }

  /** What is wrong with a compressed file, if anything is. */
  private static Optional<String> fault(
      TextSplit split, TextPolicy policy, Configuration configuration) {
    Path path = new Path(split.path());
    try (FSDataInputStream stored = FileSystems.plain(path, configuration).open(path);
        DecompressedStream text = new CompressedText(configuration).open(path, stored, policy)) {
      return text.verify();
    } catch (IOException e) {
      throw TextFiles.unreadable(split.path(), e);
    }
  }

  /**
   * Encodes texts that are in memory; the lines of each are sentences.
   *
   * @param name of each, for messages
   * @throws WordmillException BAD_INPUT for text that the policy refuses
   */
  static EncodedSplit encode(Iterator<byte[]> texts, String name, TextPolicy policy) {
    SplitEncoder encoder = new SplitEncoder(policy);
    while (texts.hasNext()) {
      encoder.addText(texts.next(), name);
    }
    return encoder.finish();
  }

  private void addText(byte[] text, String name) {
    boolean cut = false;
    for (int from = 0; from <= text.length; ) {
      int end = from;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      // What follows a line end at the end of the text is no line.
      if (end == text.length && from == end && from > 0) {
        return;
      }
      boolean cutBefore = cut;
      cut = end - from > policy.maxLineBytes() && policy.longLines() == LongLines.SPLIT;
      if (cut) {
        end = LineReader.cut(text, from, policy.maxLineBytes());
        met = cutBefore ? met : met.plus(TextReport.ofLongLines(1, false));
      }
      int found = scanner.scan(text, from, end - from, name, from);
      if (found >= 0) {
        addSentence(found);
      }
      from = cut ? end : end + 1;
    }
  }

  private void read(TextSplit split, Configuration configuration) throws IOException {
    if (split.length() == 0) {
      return;
    }
    Path path = new Path(split.path());
    FileSystem files = FileSystems.plain(path, configuration);
    try (FSDataInputStream stored = files.open(path)) {
      if (split.compressed()) {
        try (DecompressedStream text =
            new CompressedText(configuration).open(path, stored, policy)) {
          readLines(new LineReader(text, split.path(), policy), split, 0);
          met = met.plus(text.report());
        }
        return;
      }
      // The line that holds the byte before the split belongs to the split before.
      long from = Math.max(0, split.start() - 1);
      stored.seek(from);
      InputStream text = from == 0 ? CompressedText.plain(path, stored) : stored;
      LineReader lines = new LineReader(text, split.path(), policy);
      if (split.start() == 0 || lines.skip()) {
        readLines(lines, split, from);
      }
    }
  }

  /**
   * @param base the position in the file of the reader's first byte
   */
  private void readLines(LineReader lines, TextSplit split, long base) throws IOException {
    long end = split.compressed() ? Long.MAX_VALUE : split.start() + split.length();
    while (lines.next(end - base)) {
      int found =
          scanner.scan(
              lines.bytes(),
              lines.start(),
              lines.end() - lines.start(),
              split.path(),
              base + lines.position());
      if (found >= 0) {
        addSentence(found);
      }
    }
    met = met.plus(lines.report());
  }

  private void addSentence(int length) {
    byte[] bytes = scanner.bytes();
    for (int i = 0; i < length; i++) {
      if (scanner.isUnknown(i)) {
        unknown++;
        page.putLong(EncodedSplit.UNKNOWN);
      } else {
        int id = words.add(bytes, scanner.start(i), scanner.end(i));
        words.count(id, 1);
        page.putLong(id + (long) EncodedSplit.FIRST_WORD);
      }
    }
    page.putLong(EncodedSplit.END);
    tokens += length;
    sentences++;
    if (page.size() >= PAGE_BYTES) {
      pages.add(page.take());
    }
  }

  private EncodedSplit finish() {
    if (page.size() > 0) {
      pages.add(page.take());
    }
    return new EncodedSplit(
        words,
        pages.toArray(new byte[0][]),
        tokens,
        unknown,
        sentences,
        scanner.report().plus(met));
  }
}
