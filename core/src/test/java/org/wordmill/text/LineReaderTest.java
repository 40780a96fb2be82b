package org.wordmill.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.error.WordmillException;

class LineReaderTest {

  @Test
  void linesEndAtLineFeedsAndTheLastOneNeedNone() throws IOException {
    assertThat(lines("a\n\nb\r\nc")).containsExactly("0:a", "2:", "3:b\r", "6:c");
    assertThat(lines("a\n")).containsExactly("0:a");
    assertThat(lines("\n")).containsExactly("0:");
    assertThat(lines("")).isEmpty();
  }

  @Test
  void linesLongerThanTheBufferComeWhole() throws IOException {
    String longLine = "x".repeat(200_000);
    assertThat(lines("ab\n" + longLine + "\ncd\n"))
        .containsExactly("0:ab", "3:" + longLine, "200004:cd");
  }

  @Test
  void tooLongLinesAreRefusedWithTheirPlace() {
    LineReader reader =
        new LineReader(
            new ByteArrayInputStream(("ab\n" + "x".repeat(101)).getBytes(UTF_8)), "f.txt", 100);
    assertThatThrownBy(
            () -> {
              while (reader.next()) {
                // the second line is the long one
              }
            })
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("f.txt at byte 3");
  }

  private static List<String> lines(String text) throws IOException {
    LineReader reader =
        new LineReader(new ByteArrayInputStream(text.getBytes(UTF_8)), "f", 1 << 20);
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add(
          reader.position()
              + ":"
              + new String(reader.bytes(), reader.start(), reader.end() - reader.start(), UTF_8));
    }
    assertThat(reader.number()).isEqualTo(lines.size());
    return lines;
  }
}
