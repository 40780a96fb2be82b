package org.wordmill.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy.Bombs;

/** Faults of the storage, of the file and of its size are three different things. */
class DecompressedStreamTest {
  private static final TextPolicy ABORT = TextPolicy.DEFAULT.withBombs(Bombs.ABORT);

  private static byte[] gzip(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text);
    }
    return bytes.toByteArray();
  }

  private static DecompressedStream open(InputStream stored, TextPolicy policy) {
    return new DecompressedStream(stored, GZIPInputStream::new, "f.gz", policy);
  }

  private static DecompressedStream open(byte[] stored, TextPolicy policy) {
    return open(new ByteArrayInputStream(stored), policy);
  }

  @Test
  void aWholeFileComesAsItIs() throws IOException {
    byte[] text = "some text\n".repeat(10_000).getBytes(UTF_8);
    try (DecompressedStream in = open(gzip(text), TextPolicy.DEFAULT)) {
      assertThat(in.readAllBytes()).isEqualTo(text);
      assertThat(in.report()).isEqualTo(TextReport.EMPTY);
    }
    try (DecompressedStream in = open(gzip(text), TextPolicy.DEFAULT)) {
      assertThat(in.verify()).isEmpty();
    }
  }

  @Test
  void everyTruncationIsBadInput() throws IOException {
    byte[] whole = gzip("one two three four\n".getBytes(UTF_8));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> open(cut, TextPolicy.DEFAULT).readAllBytes())
          .as("%d bytes", length)
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
          .hasMessageContaining("f.gz");
      assertThat(open(cut, TextPolicy.DEFAULT).verify())
          .hasValueSatisfying(fault -> assertThat(fault).contains("compressed file"));
    }
  }

  @Test
  void aFaultOfTheStorageIsNoFaultOfTheFile() throws IOException {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the cable is out");
          }
        };
    byte[] half = Arrays.copyOf(gzip("a b c\n".repeat(10_000).getBytes(UTF_8)), 30);
    for (byte[] before : new byte[][] {{}, half}) {
      InputStream stored = new SequenceInputStream(new ByteArrayInputStream(before), broken);
      DecompressedStream in = open(stored, TextPolicy.DEFAULT);
      assertThatThrownBy(in::verify).isInstanceOf(IOException.class).hasMessageContaining("cable");
    }
  }

  @Test
  void aBombIsSeenWhileItIsRead() throws IOException {
    byte[] bomb = gzip("a\n".repeat(16 << 20).getBytes(UTF_8));
    try (DecompressedStream in = open(bomb, TextPolicy.DEFAULT)) {
      in.verify();
      assertThat(in.report().decompressionBombs()).containsExactly("f.gz");
    }
    // The second half never comes, and is not waited for.
    InputStream half = new ByteArrayInputStream(Arrays.copyOf(bomb, bomb.length / 2));
    try (DecompressedStream in = open(half, ABORT)) {
      assertThatThrownBy(in::verify)
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
          .hasMessageContaining("f.gz")
          .hasMessageContaining("more than 1000 times");
    }
  }

  @Test
  void whatIsSmallIsNoBomb() throws IOException {
    byte[] small = gzip(new byte[1 << 20]);
    try (DecompressedStream in = open(small, ABORT)) {
      assertThat(in.readAllBytes()).hasSize(1 << 20);
      assertThat(in.report()).isEqualTo(TextReport.EMPTY);
    }
  }
}
