package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --input -}: what comes through a pipe is what stands in a file. */
class StandardInputTest {
  private static final byte[] TEXT =
      "the wheel turns\nthe mill stands by the wheel\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private final InputStream stdin = System.in;

  @BeforeEach
  void nothingIsOnStdin() {
    System.setIn(InputStream.nullInputStream());
  }

  @AfterEach
  void giveStdinBack() throws IOException {
    System.setIn(stdin);
    Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(scratch)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("wordmill-stdin")))
          .isEmpty();
    }
  }

  private static Ran wordmill(byte[] piped, Object... arguments) {
    System.setIn(new ByteArrayInputStream(piped));
    return Ran.wordmill(arguments);
  }

  private Ran estimate(byte[] piped, Object input, String model) {
    return wordmill(
        piped,
        "estimate",
        "--input",
        input,
        "--order",
        2,
        "--discount-fallback",
        "--arpa",
        folder.resolve(model));
  }

  @Test
  void aPipeGivesTheModelOfAFile() throws IOException {
    Path file = Files.write(folder.resolve("text.txt"), TEXT);
    assertThat(estimate(new byte[0], file, "file.arpa").exitCode()).isZero();
    Ran piped = estimate(TEXT, "-", "pipe.arpa");
    assertThat(piped.exitCode()).as(piped.err()).isZero();
    assertThat(folder.resolve("pipe.arpa")).hasSameBinaryContentAs(folder.resolve("file.arpa"));

    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(TEXT);
    }
    assertThat(estimate(compressed.toByteArray(), "-", "gzip.arpa").exitCode()).isZero();
    assertThat(folder.resolve("gzip.arpa")).hasSameBinaryContentAs(folder.resolve("file.arpa"));

    Path model = folder.resolve("file.arpa");
    Ran scored = wordmill(TEXT, "score", "--model", model, "--input", "-");
    assertThat(scored.exitCode()).as(scored.err()).isZero();
    assertThat(scored.out())
        .isEqualTo(Ran.wordmill("score", "--model", model, "--input", file).out());
    Path rows = folder.resolve("rows");
    Ran corpus =
        wordmill(
            TEXT,
            "score",
            "--model",
            model,
            "--input",
            "-",
            "--output",
            rows,
            "--output-format",
            "text");
    assertThat(corpus.exitCode()).as(corpus.err()).isZero();
    assertThat(rows.resolve("_SUCCESS")).exists();
  }

  @Test
  void filesStandBesideAPipe() throws IOException {
    Path file = Files.writeString(folder.resolve("text.txt"), "one more line\n");
    Ran ran =
        wordmill(
            TEXT,
            "count",
            "--input",
            "-",
            file,
            "--order",
            1,
            "--output",
            folder.resolve("c"),
            "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().at("/sentences").asInt()).isEqualTo(3);
  }

  @Test
  void anEmptyPipeIsAnEmptyCorpus() {
    Ran ran = estimate(new byte[0], "-", "none.arpa");
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.errors()).singleElement().asString().contains("holds no word, -");
  }

  /** Whoever pipes for an hour wants to know of it before. */
  @Test
  void anOutputThatExistsIsToldBeforeStdinIsRead() throws IOException {
    Files.createFile(folder.resolve("there.arpa"));
    ByteArrayInputStream piped = new ByteArrayInputStream(TEXT);
    System.setIn(piped);
    Ran ran =
        Ran.wordmill(
            "estimate", "--input", "-", "--order", 2, "--arpa", folder.resolve("there.arpa"));
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(piped.available()).isEqualTo(TEXT.length);
  }
}
