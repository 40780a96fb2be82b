package org.wordmill.counter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.text.TextReport;

/**
 * The text of one split as numbers: its distinct words with their counts, and the sentences as
 * varints that point into them. It is what stays of the text between counting the words and
 * counting the n-grams, so the text is read once. Only arrays, so that any serializer can move it.
 *
 * <pre>
 *   pages    := page*                      a sentence never crosses a page
 *   sentence := word* 0
 *   word     := varint(local id + 2), or 1 for an unknown word
 * </pre>
 */
final class EncodedSplit implements Serializable {
  private static final long serialVersionUID = 1L;

  static final int END = 0;
  static final int UNKNOWN = 1;
  static final int FIRST_WORD = 2;

  private final WordTable words;
  private final byte[][] pages;
  private final long tokens;
  private final long unknown;
  private final long sentences;
  private final byte[] report;

  EncodedSplit(
      WordTable words,
      byte[][] pages,
      long tokens,
      long unknown,
      long sentences,
      TextReport report) {
    this.words = words;
    this.pages = pages;
    this.tokens = tokens;
    this.unknown = unknown;
    this.sentences = sentences;
    this.report = encode(report);
  }

  WordTable words() {
    return words;
  }

  byte[][] pages() {
    return pages;
  }

  /** Words, unknown ones too, without sentence boundaries. */
  long tokens() {
    return tokens;
  }

  long unknown() {
    return unknown;
  }

  long sentences() {
    return sentences;
  }

  /** The counters as bytes, for {@link #decodeReport}. */
  byte[] report() {
    return report;
  }

  private static byte[] encode(TextReport report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(report.lines());
      out.writeLong(report.words());
      out.writeLong(report.droppedLines());
      out.writeLong(report.longLines());
      out.writeLong(report.malformedLines());
      out.writeLong(report.malformedParts());
      out.writeLong(report.longWords());
      out.writeLong(report.reservedWords());
      out.writeLong(report.nulBytes());
      out.writeLong(report.controlCharacters());
      out.writeLong(report.unicodeSpaces());
      out.writeLong(report.byteOrderMarks());
      out.writeInt(report.malformedPlaces().size());
      for (TextReport.Place place : report.malformedPlaces()) {
        out.writeUTF(place.file());
        out.writeLong(place.position());
      }
      out.writeInt(report.skippedShards().size());
      for (TextReport.SkippedShard shard : report.skippedShards()) {
        out.writeUTF(shard.file());
        out.writeUTF(shard.fault());
      }
      out.writeInt(report.decompressionBombs().size());
      for (String file : report.decompressionBombs()) {
        out.writeUTF(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static TextReport decodeReport(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long[] counters = new long[12];
      for (int i = 0; i < counters.length; i++) {
        counters[i] = in.readLong();
      }
      List<TextReport.Place> places = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        places.add(new TextReport.Place(in.readUTF(), in.readLong()));
      }
      List<TextReport.SkippedShard> skipped = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        skipped.add(new TextReport.SkippedShard(in.readUTF(), in.readUTF()));
      }
      List<String> bombs = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        bombs.add(in.readUTF());
      }
      return new TextReport(
          counters[0],
          counters[1],
          counters[2],
          counters[3],
          counters[4],
          counters[5],
          counters[6],
          counters[7],
          counters[8],
          counters[9],
          counters[10],
          counters[11],
          places,
          skipped,
          bombs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
