package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every fault of the input has its exit code and one line: what, where, what to do. */
class BadInputTest {
  private static final String TEXT = "the wheel turns\nthe mill stands by the wheel\n";

  @TempDir private Path folder;
  private Path input;
  private Path counts;
  private Path arpa;

  @BeforeEach
  void writeTheText() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), TEXT);
    counts = folder.resolve("counts");
    arpa = folder.resolve("model.arpa");
  }

  private Ran count(Object... more) {
    Object[] arguments = {
      "count", "--input", input, "--order", 2, "--format", "tsv", "--output", counts
    };
    return Ran.wordmill(with(arguments, more));
  }

  private Ran estimate(Object... more) {
    Object[] arguments = {
      "estimate", "--input", input, "--order", 2, "--discount-fallback", "--arpa", arpa
    };
    return Ran.wordmill(with(arguments, more));
  }

  private static Object[] with(Object[] first, Object... more) {
    Object[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  /** One line with all the parts, the exit code, and nothing on stdout. */
  private static void assertFault(Ran ran, int exitCode, String... parts) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(exitCode);
    assertThat(ran.errors()).as(ran.err()).hasSize(1);
    assertThat(ran.errors().get(0)).startsWith("error[" + exitCode + "]: ").contains(parts);
    assertThat(ran.err()).doesNotContain("\tat ");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void anEmptyCorpusIsBadInput() throws IOException {
    Files.writeString(input, "");
    assertFault(count(), 3, "holds no word", input.toString());
    Files.writeString(input, "\n\n  \n");
    assertFault(estimate(), 3, "holds no word", input.toString());
    assertThat(arpa).doesNotExist();
    assertThat(counts).doesNotExist();
  }

  @Test
  void aMissingPathIsNamed() throws IOException {
    Files.delete(input);
    assertFault(count(), 4, "no such file", input.toString(), "check the path");
    assertFault(
        Ran.wordmill("count", "--input", folder + "/*.gz", "--order", 2, "--output", counts),
        4,
        "no such file",
        "*.gz");
  }

  @Test
  void anExistingOutputStaysAsItIsUnlessItMayBeReplaced() throws IOException {
    Files.createDirectories(counts);
    Path precious = Files.writeString(counts.resolve("precious.txt"), "mine");
    Files.writeString(arpa, "mine too");
    assertFault(count(), 4, "exists", counts.toString(), "overwrite");
    assertFault(estimate(), 4, "exists", arpa.toString(), "overwrite");
    assertThat(precious).hasContent("mine");
    assertThat(arpa).hasContent("mine too");

    assertThat(estimate("--overwrite").exitCode()).isZero();
    assertThat(arpa).content().startsWith("\\data\\");
    assertThat(count("--overwrite").exitCode()).isZero();
    assertThat(counts.resolve("_SUCCESS")).exists();
  }

  @Test
  void aFailureLeavesTheFormerOutputWhole() throws IOException {
    assertThat(estimate().exitCode()).isZero();
    String before = Files.readString(arpa);
    Files.writeString(input, "a sentence with </s> inside\n");
    assertFault(estimate("--overwrite"), 3, "</s>");
    assertThat(arpa).hasContent(before);
  }

  @Test
  void invalidUtf8FollowsThePolicy() throws IOException {
    byte[] text = "good line\nbad \u00ff line\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(input, text);
    Ran replaced = count();
    assertThat(replaced.exitCode()).as(replaced.err()).isZero();
    assertThat(replaced.err())
        .contains("lines with bytes that are not UTF-8: 1", "text.txt at byte 14");
    assertThat(lines(counts.resolve("order=1"))).contains("\uFFFD\t1", "line\t2");

    assertThat(count("--overwrite", "--malformed", "drop-line").exitCode()).isZero();
    assertThat(lines(counts.resolve("order=1"))).contains("line\t1").doesNotContain("bad\t1");

    assertFault(count("--overwrite", "--malformed", "strict"), 3, "UTF-8", input.toString());
    assertThat(lines(counts.resolve("order=1"))).contains("line\t1");
  }

  private static String lines(Path directory) throws IOException {
    StringBuilder lines = new StringBuilder();
    try (var files = Files.newDirectoryStream(directory, "*.tsv")) {
      for (Path file : files) {
        lines.append(Files.readString(file));
      }
    }
    return lines.toString();
  }

  @Test
  void reservedWordsAreRefusedUnlessTheyAreSkipped() throws IOException {
    Files.writeString(input, "fine line\nan <unk> word\n");
    assertFault(count(), 3, "<unk>", input.toString(), "--skip-symbols");
    Ran skipped = count("--skip-symbols");
    assertThat(skipped.exitCode()).as(skipped.err()).isZero();
    assertThat(skipped.err()).contains("reserved words taken as white space: 1");
    assertThat(lines(counts.resolve("order=2"))).contains("an word\t1");
  }

  @Test
  void aTruncatedGzipIsRefusedAsAWhole() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(TEXT.repeat(2000).getBytes(StandardCharsets.UTF_8));
    }
    input = folder.resolve("text.txt.gz");
    Files.write(input, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    assertFault(count(), 3, "compressed file", input.toString());
    assertThat(counts).doesNotExist();
    assertThat(estimate("--json").exitCode()).isEqualTo(3);
    assertThat(arpa).doesNotExist();
    Files.writeString(folder.resolve("text.txt"), TEXT);
    Path model = folder.resolve("plain.arpa");
    Ran.wordmill(
        "estimate",
        "--input",
        folder.resolve("text.txt"),
        "--order",
        1,
        "--discount-fallback",
        "--arpa",
        model);
    assertFault(
        Ran.wordmill("score", "--model", model, "--input", input),
        3,
        "compressed file",
        "text.txt.gz");
  }

  @Test
  void aTextTooSmallForDiscountsNamesTheRemedy() {
    assertFault(
        Ran.wordmill("estimate", "--input", input, "--order", 3, "--arpa", arpa),
        3,
        "--discount-fallback");
    assertThat(arpa).doesNotExist();
  }

  @Test
  void anArpaFileThatIsCutOffIsCorrupt() throws IOException {
    assertThat(estimate().exitCode()).isZero();
    String whole = Files.readString(arpa);
    Files.writeString(arpa, whole.substring(0, whole.length() / 2));
    assertFault(Ran.wordmill("score", "--model", arpa, "--input", input), 6, arpa.toString() + ":");
    Files.writeString(arpa, "not a model\n");
    assertFault(Ran.wordmill("generate", "--model", arpa), 6, arpa + ":1", "\\data\\");
  }

  @Test
  void aModelThatIsNotThereIsMissing() {
    assertFault(
        Ran.wordmill("score", "--model", arpa, "--input", input),
        4,
        "there is no model",
        "model.arpa");
  }

  @Test
  void aFileSystemWhoseLibraryIsMissingIsOneLineWhereverItIsNamed() {
    String there = "s3a://bucket/there";
    String[] parts = {there, "S3AFileSystem", "--packages org.apache.hadoop:hadoop-aws:"};
    assertFault(
        Ran.wordmill("count", "--input", there, "--order", 2, "--output", counts), 4, parts);
    assertFault(Ran.wordmill("count", "--input", input, "--order", 2, "--output", there), 4, parts);
    assertFault(
        Ran.wordmill("estimate", "--input", input, "--order", 2, "--arpa", there), 4, parts);
    assertFault(Ran.wordmill("score", "--model", there, "--input", input), 4, parts);
    assertFault(
        Ran.wordmill("mix", "--models", there, there, "--weights", 1, 1, "--output", arpa),
        4,
        parts);
  }

  @Test
  void anArpaFileIsPlainOrGzip() throws IOException {
    for (String name : new String[] {"model.arpa.bz2", "model.arpa.xz", "model.arpa.zst"}) {
      Path other = folder.resolve(name);
      assertFault(
          Ran.wordmill("estimate", "--input", input, "--order", 2, "--arpa", other),
          2,
          "plain or as gzip",
          name);
      assertThat(other).doesNotExist();
    }
    Files.write(arpa, HexFormat.of().parseHex("fd377a585a000004e6d6"));
    assertFault(
        Ran.wordmill("score", "--model", arpa, "--input", input),
        3,
        "compressed as xz",
        "decompress");
    Files.writeString(arpa, "\u001b[2J\u0007\n");
    Ran ran = Ran.wordmill("score", "--model", arpa, "--input", input);
    assertFault(ran, 6, "found '?[2J?'");
  }

  @Test
  void nothingToScoreIsBadInput() throws IOException {
    assertThat(estimate().exitCode()).isZero();
    Path empty = Files.writeString(folder.resolve("empty.txt"), "");
    assertFault(
        Ran.wordmill("score", "--model", arpa, "--input", empty),
        3,
        "nothing to score",
        "empty.txt");
  }
}
