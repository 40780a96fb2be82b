package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options for text that is not as it should be: what they change, and what is told of it. */
class FaultyTextOptionsTest {
  @TempDir private Path folder;

  private Ran count(Path input, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "count",
                "--input",
                input,
                "--order",
                1,
                "--format",
                "tsv",
                "--overwrite",
                "--output",
                folder.resolve("counts")));
    arguments.addAll(Arrays.asList(more));
    return Ran.wordmill(arguments.toArray());
  }

  private String unigrams() throws IOException {
    StringBuilder lines = new StringBuilder();
    try (var files = Files.newDirectoryStream(folder.resolve("counts/order=1"), "*.tsv")) {
      for (Path file : files) {
        lines.append(Files.readString(file));
      }
    }
    return lines.toString();
  }

  private static void assertFault(Ran ran, int exitCode, String... parts) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(exitCode);
    assertThat(ran.errors()).as(ran.err()).hasSize(1);
    assertThat(ran.errors().get(0)).contains(parts);
  }

  @Test
  void aBrokenShardIsNamedAndCounted() throws IOException {
    Path input = Files.createDirectory(folder.resolve("in"));
    Files.writeString(input.resolve("good.txt"), "fine words\n");
    Path broken = input.resolve("broken.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(broken))) {
      out.write("words of a file that breaks\n".getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = Files.readAllBytes(broken);
    Files.write(broken, Arrays.copyOf(whole, whole.length - 3));
    assertFault(count(input), 3, "broken.gz");

    Ran ran = count(input, "--corrupt", "skip-shard", "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode skipped = ran.json().at("/text/skipped_shards");
    assertThat(skipped).hasSize(1);
    assertThat(skipped.at("/0/file").asText()).endsWith("broken.gz");
    assertThat(ran.err()).contains("broken files left out: 1", "broken.gz, the compressed file");
    assertThat(unigrams()).contains("words\t1\n", "fine\t1\n").doesNotContain("breaks");
  }

  @Test
  void reservedWordsStayAsWordsBehindABackslash() throws IOException {
    Path input = Files.writeString(folder.resolve("t.txt"), "a <unk> b\n");
    assertFault(count(input), 3, "<unk>", "--reserved escape");
    Ran ran = count(input, "--reserved", "escape", "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(unigrams()).contains("\\<unk>\t1\n");
    assertThat(ran.json().at("/text/reserved_words").asInt()).isEqualTo(1);
    assertThat(ran.err()).contains("reserved words escaped by a backslash: 1");
    assertThat(count(input, "--reserved", "skip").exitCode()).isZero();
    assertThat(unigrams()).contains("a\t1\n").doesNotContain("unk");
    assertThat(count(input, "--reserved", "skip", "--skip-symbols").exitCode()).isZero();
    assertFault(
        count(input, "--reserved", "escape", "--skip-symbols"), 2, "--skip-symbols and --reserved");
  }

  @Test
  void controlCharactersAreTold() throws IOException {
    Path input = Files.writeString(folder.resolve("t.txt"), "a\u000Bb\u2028c\n");
    Ran asKenlm = count(input);
    assertThat(asKenlm.err()).contains("control characters in words: 1");
    assertThat(unigrams()).contains("a\u000Bb\u2028c\t1\n");
    Ran ran = count(input, "--unicode-space", "--json");
    assertThat(unigrams()).contains("a\t1\n", "b\t1\n", "c\t1\n");
    assertThat(ran.json().at("/text/unicode_spaces").asInt()).isEqualTo(2);
  }

  @Test
  void longLinesAreRefusedSplitOrDropped() throws IOException {
    Path input = folder.resolve("t.txt");
    Files.writeString(input, "a b\n" + "word ".repeat(4 << 20) + "\n");
    assertFault(count(input), 3, "t.txt at byte 4", "split or drop");
    Ran split = count(input, "--long-lines", "split", "--json");
    assertThat(split.json().at("/text/long_lines").asInt()).isEqualTo(1);
    assertThat(unigrams()).contains("word\t" + (4 << 20) + "\n", "</s>\t3\n");
    Ran dropped = count(input, "--long-lines", "drop");
    assertThat(dropped.err()).contains("lines that were too long: 1", "lines left out: 1");
    assertThat(unigrams()).contains("</s>\t1\n").doesNotContain("word");
  }

  @Test
  void decompressionBombsAreToldOrRefused() throws IOException {
    Path input = folder.resolve("bomb.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(input))) {
      out.write("a\n".repeat(2 << 20).getBytes(StandardCharsets.UTF_8));
    }
    Ran ran = count(input, "--json");
    assertThat(ran.json().at("/text/decompression_bombs/0").asText()).endsWith("bomb.gz");
    assertThat(ran.err()).contains("grew to more than 1000 times their size: 1");
    assertFault(count(input, "--decompression-bomb", "abort"), 3, "bomb.gz", "1000 times");
  }

  @Test
  void optionsForTextAreRefusedWithCounts() {
    for (String[] option :
        new String[][] {
          {"--long-lines", "drop"},
          {"--corrupt", "skip-shard"},
          {"--decompression-bomb", "abort"},
          {"--reserved", "escape"},
          {"--unicode-space"}
        }) {
      List<Object> arguments =
          new ArrayList<>(
              List.of("count", "--counts", "there", "--order", 2, "--output", "nowhere"));
      arguments.addAll(Arrays.asList(option));
      assertFault(Ran.wordmill(arguments.toArray()), 2, option[0] + " with --counts");
    }
  }
}
