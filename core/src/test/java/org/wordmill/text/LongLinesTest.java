package org.wordmill.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy.LongLines;

/** Lines that are too long, for a reader that splits them or leaves them out. */
class LongLinesTest {
  private static LineReader reader(String text, LongLines choice, int limit) {
    return new LineReader(
        new ByteArrayInputStream(text.getBytes(UTF_8)),
        "f",
        TextPolicy.DEFAULT.withLongLines(choice).withMaxLineBytes(limit));
  }

  private static List<String> lines(LineReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add(
          (reader.isContinued() ? "+" : "")
              + reader.position()
              + ":"
              + new String(reader.bytes(), reader.start(), reader.end() - reader.start(), UTF_8));
    }
    return lines;
  }

  @Test
  void splitLinesAreCutAtWhiteSpace() throws IOException {
    LineReader reader = reader("short\none two three four\nend", LongLines.SPLIT, 10);
    assertThat(lines(reader)).containsExactly("0:short", "6:one two ", "+14:three four", "25:end");
    assertThat(reader.number()).isEqualTo(3);
    assertThat(reader.report().longLines()).isEqualTo(1);
    assertThat(reader.report().droppedLines()).isZero();
  }

  @Test
  void aLineWithoutWhiteSpaceIsCutBetweenCharacters() throws IOException {
    assertThat(lines(reader("żółwżółw\n", LongLines.SPLIT, 4)))
        .containsExactly("0:żó", "+4:łw", "+7:żó", "+11:łw");
    assertThat(lines(reader("aaaa", LongLines.SPLIT, 2))).containsExactly("0:aa", "+2:aa");
    assertThat(lines(reader("aa\naa\n", LongLines.SPLIT, 2))).containsExactly("0:aa", "3:aa");
  }

  @Test
  void droppedLinesLeaveTheOthers() throws IOException {
    String longLine = "x".repeat(300_000);
    LineReader reader =
        reader("a\n" + longLine + "\nb\n" + longLine + "\n" + longLine, LongLines.DROP, 100);
    assertThat(lines(reader)).containsExactly("0:a", "300003:b");
    assertThat(reader.report().longLines()).isEqualTo(3);
    assertThat(reader.report().droppedLines()).isEqualTo(3);
    assertThat(reader.report().lines()).isEqualTo(3);
  }

  @Test
  void splitPartsAreTheWholeLineAndNoneIsTooLong() throws IOException {
    String line = "word ".repeat(100_000);
    LineReader reader = reader(line + "\nnext", LongLines.SPLIT, 70_001);
    StringBuilder all = new StringBuilder();
    while (reader.next()) {
      assertThat(reader.end() - reader.start()).isLessThanOrEqualTo(70_001);
      all.append(new String(reader.bytes(), reader.start(), reader.end() - reader.start(), UTF_8));
    }
    assertThat(all.toString()).isEqualTo(line + "next");
    assertThat(reader.report().longLines()).isEqualTo(1);
  }

  /** A line without an end must not fill the memory, whatever is done with it. */
  @Test
  void memoryStaysBounded() throws IOException {
    long length = 1L << 30;
    InputStream endless =
        new InputStream() {
          private long left = length;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int count) {
            int read = (int) Math.min(left, count);
            java.util.Arrays.fill(bytes, offset, offset + read, (byte) 'x');
            left -= read;
            return read == 0 ? -1 : read;
          }
        };
    TextPolicy policy = TextPolicy.DEFAULT.withLongLines(LongLines.DROP).withMaxLineBytes(1 << 20);
    LineReader reader = new LineReader(endless, "f", policy);
    assertThat(reader.next()).isFalse();
    assertThat(reader.bytes()).hasSizeLessThanOrEqualTo(2 << 20);
  }

  @Test
  void skippingMovesBehindALineOfAnyLength() throws IOException {
    LineReader reader = reader("x".repeat(300_000) + "\nab\n", LongLines.ERROR, 10);
    assertThat(reader.skip()).isTrue();
    assertThat(reader.next()).isTrue();
    assertThat(reader.position()).isEqualTo(300_001);
    assertThat(reader.number()).isEqualTo(2);
    assertThat(reader.skip()).isFalse();
    assertThat(reader.next()).isFalse();
  }

  @Test
  void longLinesAreRefusedByDefault() {
    LineReader reader = reader("ab\n" + "x".repeat(101), LongLines.ERROR, 100);
    assertThatThrownBy(() -> lines(reader))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("f at byte 3")
        .hasMessageContaining("split or drop");
  }
}
