package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import org.wordmill.counter.CountOptions.Format;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextPolicy.Malformed;
import org.wordmill.text.TextPolicy.Reserved;

/** The same text in whatever clothes gives the same counts; bad text is met as its policy says. */
@ExtendWith(LocalSpark.class)
final class TextInputTest {
  private static final List<String> LINES = SampleText.lines().subList(0, 300);
  private static final Map<String, Long> EXPECTED = ReferenceCounts.count(LINES, 3);
  private static final byte[] TEXT =
      (String.join("\n", LINES) + "\n").getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private final JavaSparkContext spark;
  private int outputs;

  TextInputTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 64, 1000, 1 << 20})
  void countsDoNotDependOnWhereAFileIsCut(long splitBytes) {
    // One byte to a task takes a task for each byte, so that text is short.
    List<String> lines = splitBytes < 64 ? LINES.subList(0, 2) : LINES;
    Path text = SampleText.write(directory.resolve("text.txt"), lines);
    assertThat(counts(TextInput.of(text.toString()).withSplitBytes(splitBytes)))
        .isEqualTo(ReferenceCounts.count(lines, 3));
  }

  @Test
  void countsDoNotDependOnTheNumberOfShardsAndPartitions() {
    for (int shard = 0; shard < 5; shard++) {
      SampleText.write(
          directory.resolve("shards/deep/" + shard + ".txt"),
          LINES.subList(60 * shard, 60 * (shard + 1)));
    }
    SampleText.write(directory.resolve("shards/empty.txt"), "");
    SampleText.write(directory.resolve("shards/_SUCCESS"), "not data");
    SampleText.write(directory.resolve("shards/.hidden"), "not data");
    TextInput input = TextInput.of(directory.resolve("shards").toString());
    for (int partitions : new int[] {1, 3, 16}) {
      assertThat(counts(input, partitions)).isEqualTo(EXPECTED);
    }
  }

  @Test
  void globsAndSeveralPathsAreReadEachFileOnce() {
    SampleText.write(directory.resolve("g/a1.txt"), LINES.subList(0, 100));
    SampleText.write(directory.resolve("g/a2.txt"), LINES.subList(100, 200));
    SampleText.write(directory.resolve("g/b.txt"), LINES.subList(200, 300));
    String base = directory.resolve("g").toString();
    assertThat(counts(TextInput.of(base + "/a*.txt", base + "/b.txt", base + "/a1.txt")))
        .isEqualTo(EXPECTED);
  }

  @Test
  void carriageReturnsAreWhiteSpaceWhereverTheyStand() {
    String windows = String.join("\r\n", LINES) + "\r\n";
    Path text =
        SampleText.write(directory.resolve("windows.txt"), windows.replace(" the ", "\rthe\t"));
    assertThat(counts(TextInput.of(text.toString()).withSplitBytes(1000))).isEqualTo(EXPECTED);
  }

  @Test
  void lastLineWithoutLineFeedCounts() {
    Path text =
        SampleText.write(directory.resolve("text.txt"), Arrays.copyOf(TEXT, TEXT.length - 1));
    assertThat(counts(TextInput.of(text.toString()))).isEqualTo(EXPECTED);
  }

  @Test
  void byteOrderMarkIsNoPartOfTheFirstWord() {
    Path text =
        SampleText.write(directory.resolve("text.txt"), "\uFEFF" + String.join("\n", LINES));
    assertThat(counts(TextInput.of(text.toString()).withSplitBytes(1000))).isEqualTo(EXPECTED);
  }

  @Test
  void gzipBzip2XzAndZstandardGiveThePlainCounts() {
    BZip2Codec bzip2 = new BZip2Codec();
    bzip2.setConf(new Configuration());
    for (Path text :
        List.of(
            SampleText.compress(directory.resolve("t.gz"), TEXT, GZIPOutputStream::new),
            SampleText.compress(directory.resolve("t.bz2"), TEXT, bzip2::createOutputStream),
            SampleText.compress(directory.resolve("t.xz"), TEXT, TextInputTest::xz),
            SampleText.compress(directory.resolve("t.zst"), TEXT, ZstdOutputStream::new))) {
      assertThat(counts(TextInput.of(text.toString()))).as("%s", text).isEqualTo(EXPECTED);
    }
  }

  private static OutputStream xz(OutputStream out) throws IOException {
    return new XZOutputStream(out, new LZMA2Options());
  }

  @Test
  void aCompressedFileWhoseNameSaysNothingOfItIsRefused() {
    for (Path text :
        List.of(
            SampleText.compress(directory.resolve("part-00000"), TEXT, GZIPOutputStream::new),
            SampleText.compress(directory.resolve("xz.txt"), TEXT, TextInputTest::xz),
            SampleText.compress(directory.resolve("zst.txt"), TEXT, ZstdOutputStream::new))) {
      TextInput input = TextInput.of(text.toString()).withSplitBytes(100);
      assertFault(input, ExitCode.BAD_INPUT, text.getFileName().toString());
      assertThatThrownBy(() -> counts(input)).hasMessageContaining("rename it");
    }
  }

  @Test
  void concatenatedGzipMembersAreOneText() throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    int half = TEXT.length / 2;
    for (byte[] part :
        List.of(Arrays.copyOf(TEXT, half), Arrays.copyOfRange(TEXT, half, TEXT.length))) {
      try (GZIPOutputStream member = new GZIPOutputStream(members)) {
        member.write(part);
      }
    }
    Path text = SampleText.write(directory.resolve("two.gz"), members.toByteArray());
    assertThat(counts(TextInput.of(text.toString()))).isEqualTo(EXPECTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "xz", "zst"})
  void truncatedCompressedFileIsBadInputAndNamed(String suffix) throws IOException {
    BZip2Codec bzip2 = new BZip2Codec();
    bzip2.setConf(new Configuration());
    Path whole =
        SampleText.compress(
            directory.resolve("whole." + suffix),
            TEXT,
            switch (suffix) {
              case "gz" -> GZIPOutputStream::new;
              case "bz2" -> bzip2::createOutputStream;
              case "xz" -> TextInputTest::xz;
              default -> ZstdOutputStream::new;
            });
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = directory.resolve("cut." + suffix);
    SampleText.write(cut, Arrays.copyOf(bytes, bytes.length - 20));
    assertFault(TextInput.of(cut.toString()), ExitCode.BAD_INPUT, "cut." + suffix);
  }

  @Test
  void corruptGzipIsBadInputAndNamed() throws IOException {
    Path file = SampleText.compress(directory.resolve("t.gz"), TEXT, GZIPOutputStream::new);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 0x55;
    bytes[bytes.length / 2 + 1] ^= 0x55;
    SampleText.write(file, bytes);
    assertFault(TextInput.of(file.toString()), ExitCode.BAD_INPUT, "t.gz");
  }

  @Test
  void missingPathsAreListedInOneLine() {
    String missing = directory.resolve("nowhere").toString();
    String noMatch = directory.resolve("*.none").toString();
    Path there = SampleText.write(directory.resolve("text.txt"), TEXT);
    TextInput input = TextInput.of(there.toString(), missing, noMatch);
    assertThatThrownBy(() -> counts(input))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining(missing)
        .hasMessageContaining(noMatch)
        .hasMessageNotContaining("text.txt")
        .hasMessageNotContaining("\n");
  }

  @Test
  void textWithoutAWordIsBadInput() {
    Path text = SampleText.write(directory.resolve("blank.txt"), " \n\t\n\n");
    assertFault(TextInput.of(text.toString()), ExitCode.BAD_INPUT, "blank.txt");
    Path empty = SampleText.write(directory.resolve("empty.txt"), "");
    assertFault(TextInput.of(empty.toString()), ExitCode.BAD_INPUT, "empty.txt");
  }

  @Test
  void reservedWordsAreAnErrorWithTheirPlaceOrWhiteSpace() {
    Path text = SampleText.write(directory.resolve("text.txt"), "one two\nthree <unk> four\n");
    TextInput input = TextInput.of(text.toString());
    assertFault(input, ExitCode.BAD_INPUT, "text.txt at byte 14");

    TextPolicy skip = TextPolicy.DEFAULT.withReserved(Reserved.SKIP);
    assertThat(counts(input.withPolicy(skip)))
        .isEqualTo(ReferenceCounts.count(List.of("one two", "three four"), 3));
  }

  @Test
  void malformedUtf8MeetsItsPolicy() {
    byte[] bytes = "good line\nbad \u00ff line\nlast line\n".getBytes(StandardCharsets.ISO_8859_1);
    Path text = SampleText.write(directory.resolve("text.txt"), bytes);
    TextInput input = TextInput.of(text.toString());

    assertThat(counts(input))
        .isEqualTo(ReferenceCounts.count(List.of("good line", "bad \uFFFD line", "last line"), 3));
    assertThat(counts(input.withPolicy(TextPolicy.DEFAULT.withMalformed(Malformed.DROP_LINE))))
        .isEqualTo(ReferenceCounts.count(List.of("good line", "last line"), 3));
    assertFault(
        input.withPolicy(TextPolicy.DEFAULT.withMalformed(Malformed.STRICT)),
        ExitCode.BAD_INPUT,
        "text.txt at byte 14");
  }

  private void assertFault(TextInput input, ExitCode code, String place) {
    assertThatThrownBy(() -> counts(input))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContaining(place);
  }

  private Map<String, Long> counts(TextInput input) {
    return counts(input, 2);
  }

  private Map<String, Long> counts(TextInput input, int partitions) {
    Path output = directory.resolve("counts-" + outputs++);
    new NGramCounter(spark)
        .count(
            input,
            CountOptions.ofOrder(3).withFormat(Format.TSV).withPartitions(partitions),
            new CountTarget(output.toString(), false));
    return NGramCounterTest.readTsv(output);
  }
}
