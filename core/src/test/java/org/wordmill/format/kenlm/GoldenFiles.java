package org.wordmill.format.kenlm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.ngram.BackoffModel;

/** Files that KenLM wrote: README.md beside them says how they were made. */
final class GoldenFiles {
  /** All kinds of binary files of the model of {@code grist.arpa}. */
  static final List<String> GRIST =
      List.of(
          "probing.klm",
          "rest.klm",
          "trie.klm",
          "array.klm",
          "quantized.klm",
          "quantized-array.klm",
          "wordless.klm");

  private GoldenFiles() {}

  static KenlmModel open(Path folder, String name) throws IOException {
    return KenlmModel.open(Files.write(folder.resolve(name), bytes(name)));
  }

  static BackoffModel arpa(String name) throws IOException {
    try (InputStream in = stream(name)) {
      return ArpaReader.read(in, name, warning -> {});
    }
  }

  static InputStream stream(String name) {
    return Objects.requireNonNull(GoldenFiles.class.getResourceAsStream(name), name);
  }

  static byte[] bytes(String name) {
    try (InputStream in = stream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> lines(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8).lines().toList();
  }
}
