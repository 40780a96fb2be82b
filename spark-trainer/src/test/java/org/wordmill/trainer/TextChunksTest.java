package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

class TextChunksTest {
  private static final String TEXT = "größer\n\nals\r\n😀 gedacht\n" + "x".repeat(50) + "\nEnde";
  private final Configuration configuration = new Configuration(false);

  @TempDir Path folder;

  @Test
  void splitsOfAnySizeTogetherGiveTheTextOnce() throws IOException {
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    Path file = write("a.txt", bytes);
    for (int size = 1; size <= bytes.length + 1; size++) {
      StringBuilder all = new StringBuilder();
      for (int start = 0; start < bytes.length; start += size) {
        all.append(
            read(
                new TextSplit(
                    file.toUri().toString(), start, Math.min(size, bytes.length - start), false)));
      }
      assertThat(all.toString()).isEqualTo(TEXT);
    }
  }

  @Test
  void longTextComesInPiecesThatEndAtLineEnds() throws IOException {
    String line = "line of sixteen\n";
    String text = line.repeat(200_000);
    Path file = write("long.txt", text.getBytes(StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    int pieces = 0;
    try (TextChunks chunks = open(whole(file), TextPolicy.DEFAULT)) {
      for (String piece = chunks.next(); !piece.isEmpty(); piece = chunks.next()) {
        assertThat(piece).endsWith("\n");
        all.append(piece);
        pieces++;
      }
    }
    assertThat(pieces).isGreaterThan(2);
    assertThat(all.toString()).isEqualTo(text);
  }

  @Test
  void compressedTextIsTheSameText() throws IOException {
    Path file = write("a.txt.gz", gzip(TEXT.getBytes(StandardCharsets.UTF_8)));
    assertThat(read(new TextSplit(file.toUri().toString(), 0, Files.size(file), true)))
        .isEqualTo(TEXT);
  }

  @Test
  void textInXzIsTheSameTextToo() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(1))) {
      xz.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    write("a.txt.xz", out.toByteArray());
    List<TextSplit> splits =
        TextSplits.cut(
            TextSplits.find(List.of(folder + "/a.txt.xz"), configuration),
            Optional.empty(),
            "text",
            configuration);
    assertThat(splits).hasSize(1);
    assertThat(read(splits.get(0))).isEqualTo(TEXT);
  }

  @Test
  void aCompressedFileWhoseNameHidesItIsRefused() throws IOException {
    Path file = write("part-00000", gzip(TEXT.getBytes(StandardCharsets.UTF_8)));
    TextSplit split = new TextSplit(file.toUri().toString(), 0, Files.size(file), false);
    assertThatThrownBy(() -> read(split))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContainingAll("part-00000", ".gz");
    assertThatThrownBy(() -> TextChunks.whole(split, TextPolicy.DEFAULT, configuration))
        .isInstanceOf(WordmillException.class);
  }

  @Test
  void truncatedGzipIsAnErrorWithThePath() throws IOException {
    byte[] gzip =
        gzip("some text that is compressed\n".repeat(500).getBytes(StandardCharsets.UTF_8));
    Path file = write("cut.gz", Arrays.copyOf(gzip, gzip.length - 20));
    TextSplit split = new TextSplit(file.toUri().toString(), 0, gzip.length - 20, true);
    assertThatThrownBy(() -> read(split))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("cut.gz");
  }

  @Test
  void aByteOrderMarkIsLeftOut() throws IOException {
    byte[] marked = ("\uFEFF" + TEXT).getBytes(StandardCharsets.UTF_8);
    assertThat(read(whole(write("bom.txt", marked)))).isEqualTo(TEXT);
  }

  @Test
  void malformedBytesAreReplacedRefusedOrDroppedWithTheirLine() throws IOException {
    byte[] bytes = "one\ntw\u00FFo\nthree\n".getBytes(StandardCharsets.ISO_8859_1);
    TextSplit split = whole(write("bad.txt", bytes));
    assertThat(read(split)).isEqualTo("one\ntw\uFFFDo\nthree\n");
    assertThat(read(split, TextPolicy.DEFAULT.withMalformed(TextPolicy.Malformed.DROP_LINE)))
        .isEqualTo("one\nthree\n");
    assertThatThrownBy(
            () -> read(split, TextPolicy.DEFAULT.withMalformed(TextPolicy.Malformed.STRICT)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("bad.txt at byte 6");
  }

  @Test
  void anEndlessLineIsRefused() throws IOException {
    Path file = write("line.txt", "y".repeat(3 << 20).getBytes(StandardCharsets.UTF_8));
    TextPolicy narrow = TextPolicy.DEFAULT.withMaxLineBytes(1 << 16);
    TextSplit split = new TextSplit(file.toUri().toString(), 0, 100, false);
    assertThatThrownBy(() -> read(split, narrow))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("longer than 65536 bytes");
  }

  private TextSplit whole(Path file) throws IOException {
    return new TextSplit(file.toUri().toString(), 0, Files.size(file), false);
  }

  private String read(TextSplit split) throws IOException {
    return read(split, TextPolicy.DEFAULT);
  }

  private String read(TextSplit split, TextPolicy policy) throws IOException {
    StringBuilder all = new StringBuilder();
    try (TextChunks chunks = open(split, policy)) {
      for (String piece = chunks.next(); !piece.isEmpty(); piece = chunks.next()) {
        all.append(piece);
      }
    }
    return all.toString();
  }

  private TextChunks open(TextSplit split, TextPolicy policy) throws IOException {
    return new TextChunks(split, policy, configuration);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }
}
