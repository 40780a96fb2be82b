package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextPolicy.Bombs;
import org.wordmill.text.TextPolicy.Corrupt;
import org.wordmill.text.TextPolicy.LongLines;

/** Long lines and broken files, for what prepares text and learns tokenizers. */
@ExtendWith(LocalSpark.class)
class FaultyTextTest {
  private static final TextPolicy SKIPPING = TextPolicy.DEFAULT.withCorrupt(Corrupt.SKIP_SHARD);

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  /** The text of splits of that size, and how many lines were too long. */
  private static String read(Path file, long size, TextPolicy policy, long longLines)
      throws IOException {
    StringBuilder all = new StringBuilder();
    long met = 0;
    for (long start = 0; start < Files.size(file); start += size) {
      TextSplit split =
          new TextSplit(
              file.toUri().toString(), start, Math.min(size, Files.size(file) - start), false);
      try (TextChunks chunks = new TextChunks(split, policy, new Configuration(false))) {
        for (String piece = chunks.next(); !piece.isEmpty(); piece = chunks.next()) {
          all.append(piece);
        }
        met += chunks.longLines();
      }
    }
    assertThat(met).isEqualTo(longLines);
    return all.toString();
  }

  @Test
  void longLinesAreSplitOrDroppedWhereverAFileIsCut() throws IOException {
    int limit = 2 << 20;
    String part = "word".repeat((limit - 1) / 4) + "    ".substring(0, 1 + (limit - 1) % 4);
    assertThat(part).hasSize(limit);
    String tail = "the end of it";
    Path file = folder.resolve("long.txt");
    Files.writeString(file, "a\n" + part + part + tail + "\nb\n" + part + tail);
    TextPolicy policy = TextPolicy.DEFAULT.withMaxLineBytes(limit);
    for (long size : new long[] {1_000_000, limit, Files.size(file)}) {
      assertThat(read(file, size, policy.withLongLines(LongLines.SPLIT), 2))
          .isEqualTo("a\n" + part + "\n" + part + "\n" + tail + "\nb\n" + part + "\n" + tail);
      assertThat(read(file, size, policy.withLongLines(LongLines.DROP), 2)).isEqualTo("a\nb\n");
      assertThatThrownBy(() -> read(file, size, policy, 0))
          .isInstanceOf(WordmillException.class)
          .hasMessageContaining("long.txt at byte 2");
    }
    Path fits = Files.writeString(folder.resolve("fits.txt"), part + "\n" + part);
    assertThat(read(fits, 1_000_000, policy, 0)).isEqualTo(part + "\n" + part);
  }

  @Test
  void aBrokenShardIsLeftOutAsAWhole(JavaSparkContext spark) throws IOException {
    String text = "the miller grinds the corn\n".repeat(200);
    Path input = Files.createDirectory(folder.resolve("in"));
    Files.write(input.resolve("a.gz"), gzip(text));
    byte[] other = gzip("another text that breaks\n".repeat(200));
    Files.write(input.resolve("b.gz"), Arrays.copyOf(other, other.length - 5));
    Files.writeString(input.resolve("c.txt"), "the end\n");
    List<String> paths = List.of(input.toString());
    assertThatThrownBy(() -> BpeTraining.train(spark, paths, TextPolicy.DEFAULT, 300, 2))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("b.gz");

    BpeTraining.Report report = BpeTraining.train(spark, paths, SKIPPING, 300, 2);
    assertThat(report.notices()).singleElement().asString().contains("left out", "b.gz");
    Files.delete(input.resolve("b.gz"));
    assertThat(report.tokenizer())
        .isEqualTo(BpeTraining.train(spark, paths, SKIPPING, 300, 2).tokenizer());

    Files.write(input.resolve("b.gz"), Arrays.copyOf(other, other.length - 5));
    PreparedText prepared = prepare(spark, paths, SKIPPING);
    assertThat(prepared.index().tokens()).isEqualTo(text.length() + "the end\n".length());
    assertThat(notices).singleElement().asString().contains("left out", "b.gz");
  }

  @Test
  void bombsAreToldOrRefused(JavaSparkContext spark) throws IOException {
    Path input = Files.write(folder.resolve("bomb.gz"), gzip("a\n".repeat(1 << 20)));
    List<String> paths = List.of(input.toString());
    prepare(spark, paths, TextPolicy.DEFAULT);
    assertThat(notices).anySatisfy(notice -> assertThat(notice).contains("1000 times"));
    assertThatThrownBy(
            () ->
                BpeTraining.train(spark, paths, TextPolicy.DEFAULT.withBombs(Bombs.ABORT), 300, 2))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("bomb.gz");
  }

  private PreparedText prepare(JavaSparkContext spark, List<String> paths, TextPolicy policy) {
    PreparationJob job =
        new PreparationJob(
            paths,
            Optional.empty(),
            "text",
            Tokenization.characters(policy),
            Optional.empty(),
            Optional.empty(),
            folder.resolve("shards").toString(),
            true);
    return TextPreparation.prepare(spark, job, notices::add);
  }
}
