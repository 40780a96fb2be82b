package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.counter.CountOptions.Format;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextPolicy.Bombs;
import org.wordmill.text.TextPolicy.Corrupt;
import org.wordmill.text.TextPolicy.LongLines;
import org.wordmill.text.TextPolicy.Reserved;
import org.wordmill.text.TextReport;

/** Long lines, broken files and odd words, wherever a file is cut. */
@ExtendWith(LocalSpark.class)
final class FaultyTextTest {
  private static final TextPolicy SKIPPING = TextPolicy.DEFAULT.withCorrupt(Corrupt.SKIP_SHARD);

  @TempDir private Path directory;
  private final JavaSparkContext spark;
  private int outputs;

  FaultyTextTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @Test
  void splitLinesAreTheSameSentencesWhereverAFileIsCut() {
    String line = "one two three four five six seven eight nine ten";
    Path text = SampleText.write(directory.resolve("t.txt"), List.of("a b", line, "c d", line));
    TextPolicy policy = TextPolicy.DEFAULT.withLongLines(LongLines.SPLIT).withMaxLineBytes(21);
    List<String> cut = List.of("one two three four", "five six seven eight", "nine ten");
    List<String> expected = new ArrayList<>(List.of("a b", "c d"));
    expected.addAll(cut);
    expected.addAll(cut);
    for (long splitBytes : new long[] {5, 7, 20, 1 << 20}) {
      TextInput input = TextInput.of(text.toString()).withPolicy(policy).withSplitBytes(splitBytes);
      Counted counted = count(input);
      assertThat(counted.counts()).isEqualTo(ReferenceCounts.count(expected, 3));
      assertThat(counted.text().longLines()).isEqualTo(2);
    }
    List<String> rows = List.of("a b\n" + line, "c d\n" + line + "\n");
    assertThat(countRows(rows, policy).counts()).isEqualTo(ReferenceCounts.count(expected, 3));
    assertThat(countRows(rows, policy).text().longLines()).isEqualTo(2);
  }

  @Test
  void droppedLinesAreDroppedWhereverAFileIsCut() {
    String line = "x ".repeat(500);
    Path text = SampleText.write(directory.resolve("t.txt"), List.of("a b", line, "c d", line));
    TextPolicy policy = TextPolicy.DEFAULT.withLongLines(LongLines.DROP).withMaxLineBytes(20);
    for (long splitBytes : new long[] {100, 1 << 20}) {
      TextInput input = TextInput.of(text.toString()).withPolicy(policy).withSplitBytes(splitBytes);
      Counted counted = count(input);
      assertThat(counted.counts()).isEqualTo(ReferenceCounts.count(List.of("a b", "c d"), 3));
      assertThat(counted.text().longLines()).isEqualTo(2);
      assertThat(counted.text().droppedLines()).isEqualTo(2);
      assertThat(counted.text().lines()).isEqualTo(4);
    }
    Counted rows = countRows(List.of("a b\n" + line, "c d"), policy);
    assertThat(rows.counts()).isEqualTo(ReferenceCounts.count(List.of("a b", "c d"), 3));
    assertThat(rows.text().longLines()).isEqualTo(1);
  }

  @Test
  void longLinesAreAnErrorAtTheirBeginningWhicheverTaskMeetsThem() {
    Path text =
        SampleText.write(directory.resolve("t.txt"), "a b\n" + "x ".repeat(500) + "\nc d\n");
    TextPolicy narrow = TextPolicy.DEFAULT.withMaxLineBytes(20);
    assertBadInput(
        TextInput.of(text.toString()).withPolicy(narrow).withSplitBytes(100), "t.txt at byte 4");
  }

  @Test
  void aBrokenShardIsLeftOutAsAWhole() throws IOException {
    List<String> lines = SampleText.lines().subList(0, 200);
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Path whole = SampleText.compress(directory.resolve("in/a.gz"), text, GZIPOutputStream::new);
    byte[] bytes = Files.readAllBytes(whole);
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 0x55;
    byte[] wrongSum = bytes.clone();
    wrongSum[bytes.length - 6] ^= 1;
    SampleText.write(directory.resolve("in/b.gz"), Arrays.copyOf(bytes, bytes.length - 1));
    SampleText.write(directory.resolve("in/c.gz"), flipped);
    SampleText.write(directory.resolve("in/d.gz"), wrongSum);
    SampleText.write(directory.resolve("in/e.zst"), bytes);
    SampleText.write(directory.resolve("in/f.xz"), "no xz at all");
    SampleText.write(directory.resolve("in/g.bz2"), "BZh9 is how it begins");
    TextInput input = TextInput.of(directory.resolve("in").toString());
    assertThatThrownBy(() -> count(input)).isInstanceOf(WordmillException.class);

    Counted counted = count(input.withPolicy(SKIPPING));
    assertThat(counted.counts()).isEqualTo(ReferenceCounts.count(lines, 3));
    assertThat(counted.text().lines()).isEqualTo(lines.size());
    assertThat(counted.text().skippedShards().stream().map(TextReport.SkippedShard::file))
        .map(file -> file.substring(file.lastIndexOf('/') + 1))
        .containsExactly("b.gz", "c.gz", "d.gz", "e.zst", "f.xz", "g.bz2");
    assertThat(counted.text().skippedShards().get(0).fault()).contains("ends too early");
  }

  /** Garbage before the place where a file breaks must not end the job as something else. */
  @Test
  void whatABrokenShardHoldsIsNoFaultOfItsOwn() throws IOException {
    StringBuilder text = new StringBuilder("a <s> b\n");
    Random random = new Random(20261128);
    for (int i = 0; i < 20_000; i++) {
      text.append(Long.toString(random.nextLong(), 36)).append(' ');
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    Path file = SampleText.compress(directory.resolve("in/b.gz"), bytes, GZIPOutputStream::new);
    byte[] whole = Files.readAllBytes(file);
    SampleText.write(directory.resolve("in/good.txt"), "c d\n");
    TextInput input = TextInput.of(directory.resolve("in").toString());
    assertBadInput(input.withPolicy(SKIPPING), "reserved word");
    SampleText.write(file, Arrays.copyOf(whole, whole.length - 9));
    Counted counted = count(input.withPolicy(SKIPPING));
    assertThat(counted.counts()).isEqualTo(ReferenceCounts.count(List.of("c d"), 3));
    assertThat(counted.text().skippedShards()).hasSize(1);
    assertBadInput(TextInput.of(file.toString()).withPolicy(SKIPPING), "broken files left out: 1");
  }

  @Test
  void decompressionBombsAreNamedOrStopTheJob() {
    byte[] bomb = "a\n".repeat(4 << 20).getBytes(StandardCharsets.UTF_8);
    SampleText.compress(directory.resolve("in/bomb.gz"), bomb, GZIPOutputStream::new);
    SampleText.write(directory.resolve("in/good.txt"), "c d\n");
    TextInput input = TextInput.of(directory.resolve("in").toString());
    Counted counted = count(input);
    assertThat(counted.counts()).containsEntry("a", 4L << 20);
    assertThat(counted.text().decompressionBombs())
        .singleElement()
        .satisfies(file -> assertThat(file).endsWith("bomb.gz"));
    for (TextPolicy policy : List.of(TextPolicy.DEFAULT, SKIPPING)) {
      assertBadInput(input.withPolicy(policy.withBombs(Bombs.ABORT)), "bomb.gz");
    }
  }

  @Test
  void escapedWordsAreWordsLikeOthers() {
    Path text = SampleText.write(directory.resolve("t.txt"), List.of("a <s> b", "\\<s> <unk>"));
    TextPolicy policy = TextPolicy.DEFAULT.withReserved(Reserved.ESCAPE);
    Counted counted = count(TextInput.of(text.toString()).withPolicy(policy));
    assertThat(counted.counts())
        .isEqualTo(ReferenceCounts.count(List.of("a \\<s> b", "\\\\<s> \\<unk>"), 3));
    assertThat(counted.text().reservedWords()).isEqualTo(2);
  }

  @Test
  void controlCharactersAreWhiteSpaceOnDemandOnly() {
    Path text = SampleText.write(directory.resolve("t.txt"), "a\u000Bb c\u00A0d\u0085\n");
    TextInput input = TextInput.of(text.toString());
    Counted asKenlm = count(input);
    assertThat(asKenlm.counts())
        .isEqualTo(ReferenceCounts.count(List.of("a\u000Bb c\u00A0d\u0085"), 3));
    assertThat(asKenlm.text().controlCharacters()).isEqualTo(2);
    Counted asUnicode = count(input.withPolicy(TextPolicy.DEFAULT.withUnicodeSpace(true)));
    assertThat(asUnicode.counts()).isEqualTo(ReferenceCounts.count(List.of("a b c d"), 3));
    assertThat(asUnicode.text().unicodeSpaces()).isEqualTo(3);
  }

  @Test
  void theFirstTwentyMalformedPlacesOfAllFilesAreKept() {
    byte[] bad = "bad \u00ff\n".repeat(15).getBytes(StandardCharsets.ISO_8859_1);
    SampleText.write(directory.resolve("in/a.txt"), bad);
    SampleText.write(directory.resolve("in/b.txt"), bad);
    TextReport text = count(TextInput.of(directory.resolve("in").toString())).text();
    assertThat(text.malformedLines()).isEqualTo(30);
    assertThat(text.malformedPlaces()).hasSize(20);
    assertThat(text.malformedPlaces().get(14).toString()).endsWith("a.txt at byte 88");
    assertThat(text.malformedPlaces().get(19).toString()).endsWith("b.txt at byte 28");
  }

  @Test
  void aCompressedFileMuchLongerThanTheOthersIsOneToWarnOf() {
    TextSplit other = new TextSplit("other.gz", 0, 400, true);
    TextSplit plain = new TextSplit("plain.txt", 0, 500, false);
    TextSplit small = new TextSplit("small.gz", 0, 100, true);
    assertThat(TextFiles.longFiles(List.of(small, small, plain, small, other, small))).isEmpty();
    TextSplit huge = new TextSplit("huge.gz", 0, 401, true);
    assertThat(TextFiles.longFiles(List.of(small, huge, small, plain, small, other, small)))
        .containsExactly(huge);
    assertThat(TextFiles.longFiles(List.of(huge))).isEmpty();
  }

  /** What was counted, and what was met. */
  private record Counted(Map<String, Long> counts, TextReport text) {}

  private void assertBadInput(TextInput input, String part) {
    assertThatThrownBy(() -> count(input))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining(part);
  }

  private static CountOptions options() {
    return CountOptions.ofOrder(3).withFormat(Format.TSV).withPartitions(2);
  }

  private CountTarget target() {
    return new CountTarget(directory.resolve("counts-" + outputs++).toString(), false);
  }

  private Counted count(TextInput input) {
    CountReport report = new NGramCounter(spark).count(input, options(), target());
    return new Counted(NGramCounterTest.readTsv(Path.of(report.directory())), report.text());
  }

  private Counted countRows(List<String> rows, TextPolicy policy) {
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    CountReport report =
        new NGramCounter(spark)
            .count(session.createDataset(rows, Encoders.STRING()), policy, options(), target());
    return new Counted(NGramCounterTest.readTsv(Path.of(report.directory())), report.text());
  }
}
