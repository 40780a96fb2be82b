package org.wordmill.text;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was met while reading text: a sum of counters that merges in any order, except that the
 * places kept are the first {@value #PLACES} of the merge order.
 *
 * @param lines lines read, dropped ones too
 * @param words words of the lines that were kept, over-long ones too
 * @param droppedLines lines left out because they were malformed or too long
 * @param longLines lines that were too long, and were split or dropped
 * @param malformedLines lines that held malformed UTF-8
 * @param malformedParts maximal malformed byte sequences, each one U+FFFD when replaced
 * @param longWords words that became {@code <unk>} because of their length
 * @param reservedWords reserved words that were skipped, escaped, or taken as unknown words
 * @param nulBytes NUL bytes, which are white space
 * @param controlCharacters other control characters in words (Unicode's category Cc)
 * @param unicodeSpaces white space and control characters beyond the five bytes, where they
 *     separate words
 * @param byteOrderMarks byte order marks stripped from the beginning of a file
 * @param malformedPlaces where the first malformed lines were malformed
 * @param skippedShards compressed files that were left out, because they are broken
 * @param decompressionBombs compressed files that grew to more than a thousand times their size
 */
public record TextReport(
    long lines,
    long words,
    long droppedLines,
    long longLines,
    long malformedLines,
    long malformedParts,
    long longWords,
    long reservedWords,
    long nulBytes,
    long controlCharacters,
    long unicodeSpaces,
    long byteOrderMarks,
    List<Place> malformedPlaces,
    List<SkippedShard> skippedShards,
    List<String> decompressionBombs)
    implements Serializable {

  /** How many places are kept. */
  public static final int PLACES = 20;

  /** Nothing read. */
  public static final TextReport EMPTY =
      new TextReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of(), List.of());

  /** A byte of a file; of the decompressed content when the file is compressed. */
  public record Place(String file, long position) implements Serializable {
    @Override
    public String toString() {
      return file + " at byte " + position;
    }
  }

  /** A file that was left out, and what is wrong with it. */
  public record SkippedShard(String file, String fault) implements Serializable {}

  public TextReport {
    malformedPlaces = malformedPlaces.stream().limit(PLACES).toList();
    skippedShards = List.copyOf(skippedShards);
    decompressionBombs = List.copyOf(decompressionBombs);
  }

  /** Lines too long to be read as they are, and nothing else. */
  public static TextReport ofLongLines(long count, boolean dropped) {
    long left = dropped ? count : 0;
    return new TextReport(
        left, 0, left, count, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of(), List.of());
  }

  /** A file that was left out, and nothing else. */
  public static TextReport ofSkipped(String file, String fault) {
    return new TextReport(
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(new SkippedShard(file, fault)),
        List.of());
  }

  /** A file that grew without measure, and nothing else. */
  public static TextReport ofBomb(String file) {
    return new TextReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of(), List.of(file));
  }

  public TextReport plus(TextReport other) {
    return new TextReport(
        lines + other.lines,
        words + other.words,
        droppedLines + other.droppedLines,
        longLines + other.longLines,
        malformedLines + other.malformedLines,
        malformedParts + other.malformedParts,
        longWords + other.longWords,
        reservedWords + other.reservedWords,
        nulBytes + other.nulBytes,
        controlCharacters + other.controlCharacters,
        unicodeSpaces + other.unicodeSpaces,
        byteOrderMarks + other.byteOrderMarks,
        both(malformedPlaces, other.malformedPlaces),
        both(skippedShards, other.skippedShards),
        both(decompressionBombs, other.decompressionBombs));
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
