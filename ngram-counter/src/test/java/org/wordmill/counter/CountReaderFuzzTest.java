package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;

/** Directories of counts, of the Web1T layout and of ours, with one file of any content. */
class CountReaderFuzzTest {
  private static final List<String> FILES =
      List.of(
          "1gms/vocab.gz",
          "2gms/2gm-0000",
          "3gms/3gm-0012.gz",
          "order=1/part-0.tsv",
          "order=2/part-0.tsv.gz",
          "order=5/part-0.tsv.bz2");

  private static final Configuration HADOOP = new Configuration();

  /**
   * @param input which file it is, whether its content is yet to be compressed, and the content
   */
  @FuzzTest
  @Timeout(60)
  void countsThatAreReadAreWrittenAndReadAgain(byte[] input) {
    if (input.length < 2) {
      return;
    }
    String name = FILES.get(Math.floorMod(input[0], FILES.size()));
    byte[] content = Arrays.copyOfRange(input, 2, input.length);
    Untrusted.read(
        Set.of(ExitCode.CORRUPT, ExitCode.BAD_INPUT),
        () -> {
          byte[] stored = name.endsWith(".gz") && input[1] % 2 == 0 ? compressed(content) : content;
          byte[] lines = lines(name, stored);
          String plain = "1gms/vocab.gz".equals(name) ? "1gms/vocab" : name.replace(".gz", "");
          assertThat(lines(plain.replace(".bz2", ""), lines)).isEqualTo(lines);
        });
  }

  /** What is read from the file, an n-gram on a line. */
  private static byte[] lines(String name, byte[] content) throws IOException {
    Path directory = Files.createTempDirectory("counts");
    Path file = directory.resolve(name);
    try {
      Files.createDirectory(file.getParent());
      Files.write(file, content);
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      List<CountFile> found = CountFiles.find(List.of(directory.toString()), HADOOP);
      assertThat(found).hasSize(1);
      CountReader.read(found.get(0), HADOOP, (gram, count) -> write(gram, count, lines));
      return lines.toByteArray();
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.getParent());
      Files.delete(directory);
    }
  }

  private static void write(CountReader gram, long count, ByteArrayOutputStream lines) {
    for (int word = 0; word < gram.order(); word++) {
      lines.write(gram.bytes(), gram.start(word), gram.end(word) - gram.start(word));
      lines.write(word + 1 < gram.order() ? ' ' : '\t');
    }
    lines.writeBytes((count + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] compressed(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
