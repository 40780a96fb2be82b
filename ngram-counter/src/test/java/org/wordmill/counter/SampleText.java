package org.wordmill.counter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The sample corpus, and files of text for tests. */
final class SampleText {
  private SampleText() {}

  /** The sentences of the sample corpus's training part. */
  static List<String> lines() {
    try (InputStream in = SampleText.class.getResourceAsStream("/org/wordmill/sample/train.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, List<String> lines) {
    return write(file, String.join("\n", lines) + "\n");
  }

  static Path write(Path file, String text) {
    return write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A stream that compresses into another. */
  interface Compressor {
    OutputStream open(OutputStream out) throws IOException;
  }

  static Path compress(Path file, byte[] text, Compressor compressor) {
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream out = compressor.open(Files.newOutputStream(file))) {
        out.write(text);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
