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
 * @param droppedLines lines left out because they were malformed
 * @param malformedLines lines that held malformed UTF-8
 * @param malformedParts maximal malformed byte sequences, each one U+FFFD when replaced
 * @param longWords words that became {@code <unk>} because of their length
 * @param reservedWords reserved words that were skipped, or taken as unknown words
 * @param nulBytes NUL bytes, which are white space
 * @param byteOrderMarks byte order marks stripped from the beginning of a file
 * @param malformedPlaces where the first malformed lines were malformed
 */
public record TextReport(
    long lines,
    long words,
    long droppedLines,
    long malformedLines,
    long malformedParts,
    long longWords,
    long reservedWords,
    long nulBytes,
    long byteOrderMarks,
    List<Place> malformedPlaces)
    implements Serializable {

  /** How many places are kept. */
  public static final int PLACES = 20;

  /** Nothing read. */
  public static final TextReport EMPTY = new TextReport(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

  /** A byte of a file; of the decompressed content when the file is compressed. */
  public record Place(String file, long position) implements Serializable {
    @Override
    public String toString() {
      return file + " at byte " + position;
    }
  }

  public TextReport {
    malformedPlaces = malformedPlaces.stream().limit(PLACES).toList();
  }

  public TextReport plus(TextReport other) {
    return new TextReport(
        lines + other.lines,
        words + other.words,
        droppedLines + other.droppedLines,
        malformedLines + other.malformedLines,
        malformedParts + other.malformedParts,
        longWords + other.longWords,
        reservedWords + other.reservedWords,
        nulBytes + other.nulBytes,
        byteOrderMarks + other.byteOrderMarks,
        Stream.concat(malformedPlaces.stream(), other.malformedPlaces.stream()).toList());
  }
}
