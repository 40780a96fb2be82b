package org.wordmill.format.arpa;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.LanguageModel;
import org.wordmill.ngram.BackoffModel;

class ArpaReaderTest {
  private static final String SMALL =
      """
      \\data\\
      ngram 1=5
      ngram 2=3
      ngram 3=1

      \\1-grams:
      -2\t<unk>\t0
      0\t<s>\t-0.30103
      -0.5\t</s>\t0
      -1.25\ta\t-0.125
      -0.75\tżółw\t-0.0625

      \\2-grams:
      -0.25\t<s> a\t-0.5
      -0.375\ta żółw\t0
      -0.5\tżółw </s>\t0

      \\3-grams:
      -0.125\t<s> a żółw

      \\end\\
      """;

  @Test
  void tablesHaveTheNumbersOfTheFile() throws IOException {
    BackoffModel model = read(SMALL);
    assertThat(model.order()).isEqualTo(3);
    assertThat(List.of(model.size(1), model.size(2), model.size(3))).containsExactly(5, 3, 1);
    int a = model.vocabulary().id("a");
    LanguageModel.State afterA = model.advance(model.start(), a);
    assertThat(model.log10Probability(model.start(), a)).isEqualTo(-0.25);
    assertThat(model.log10Probability(afterA, model.vocabulary().id("żółw"))).isEqualTo(-0.125);
    assertThat(model.log10Probability(afterA, a)).isEqualTo(-0.5 - 0.125 - 1.25);
  }

  @Test
  void writingWhatWasReadGivesTheSameBytes() throws IOException {
    assertThat(written(read(SMALL))).isEqualTo(SMALL);
    String odd =
        SMALL.replace("-0.30103", "-3.0103e-1").replace("\t0\n", "\n").replace("-2\t", "-2.00 ");
    assertThat(written(read(odd))).isEqualTo(SMALL);
  }

  @Test
  void carriageReturnsBlankLinesCommentsAndOtherSpellingsAreRead() throws IOException {
    assertThat(written(read(SMALL.replace("\n", "\r\n")))).isEqualTo(SMALL);
    assertThat(written(read("\n# made by hand\n" + SMALL + "\n\n"))).isEqualTo(SMALL);
    assertThat(written(read(SMALL.replace("\n\n", "\n\n\n\n")))).isEqualTo(SMALL);
    assertThat(written(read(SMALL.replace('\t', ' ')))).isEqualTo(SMALL);
    assertThat(written(read(SMALL.replace("<unk>", "<UNK>")))).isEqualTo(SMALL);
    assertThat(written(read(SMALL.stripTrailing()))).isEqualTo(SMALL);
  }

  @Test
  void whatSrilmOrKenlmPassOverIsPassedOver() throws IOException {
    assertThat(written(read("\uFEFF" + SMALL))).isEqualTo(SMALL);
    assertThat(written(read("\uFEFF# made by hand\n" + SMALL))).isEqualTo(SMALL);
    assertThat(written(read("A model of Saturdays.\n\nMade by hand\n" + SMALL))).isEqualTo(SMALL);
    assertThat(written(read(SMALL.replace("\n", " \t \n")))).isEqualTo(SMALL);
    assertThat(written(read(SMALL.replace("\n", "\n\n")))).isEqualTo(SMALL);
    assertThat(written(read(SMALL.replace("\n\n", "\n")))).isEqualTo(SMALL);
    byte[] marked = ("\uFEFFtext\n" + SMALL).getBytes(UTF_8);
    assertThat(written(read(gzip(marked)))).isEqualTo(SMALL);
  }

  @Test
  void aFileOfSomethingElseIsRefusedSoonAndByItsFirstLine() throws IOException {
    String text = "the cat sat on the mat\n".repeat(1 << 20);
    ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(UTF_8));
    assertThatThrownBy(() -> ArpaReader.read(in, "a.txt", warning -> {}))
        .hasMessageContaining("a.txt:1: expected \\data\\, found 'the cat sat on the mat'");
    assertThat(in.available()).isGreaterThan(text.length() - (2 << 20));
    assertThatThrownBy(() -> read("# one\n\nthe cat\nthe dog\n"))
        .hasMessageContaining("small.arpa:3: expected \\data\\, found 'the cat'");
    assertThatThrownBy(() -> read(SMALL.replace("\\data\\\n", "\n#\n")))
        .hasMessageContaining("small.arpa:3: expected \\data\\, found 'ngram 1=5'");
    assertThatThrownBy(() -> read("# one\n")).hasMessageContaining("cut off");
  }

  @Test
  void onlyAsciiBlanksEndAWord() throws IOException {
    String odd = SMALL.replace("żółw", "ż\u000Bó\u00A0ł\u2028w");
    assertThat(written(read(odd))).isEqualTo(odd);
  }

  @Test
  void gzipIsRecognisedAndAlsoInSeveralMembers() throws IOException {
    byte[] bytes = SMALL.getBytes(UTF_8);
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.write(gzip(Arrays.copyOf(bytes, 50)));
    members.write(gzip(Arrays.copyOfRange(bytes, 50, bytes.length)));
    assertThat(written(read(members.toByteArray()))).isEqualTo(SMALL);
    byte[] whole = gzip(bytes);
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut))
          .as("cut at %d", length)
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT));
    }
  }

  @Test
  void aMissingUnknownWordGetsAFloorAndAWarning() throws IOException {
    String without = SMALL.replace("-2\t<unk>\t0\n", "").replace("ngram 1=5", "ngram 1=4");
    List<String> warnings = new ArrayList<>();
    BackoffModel model =
        ArpaReader.read(
            new ByteArrayInputStream(without.getBytes(UTF_8)), "small.arpa", warnings::add);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("small.arpa", "<unk>", "-100");
    LanguageModel.State afterUnknown = model.advance(model.start(), model.vocabulary().unknown());
    assertThat(model.log10Probability(afterUnknown, model.vocabulary().unknown()))
        .isCloseTo(-100, within(1e-6));
  }

  @Test
  void aFileCutAnywhereIsRefused() {
    byte[] whole = SMALL.stripTrailing().getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut))
          .as("cut at %d", length)
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
          .hasMessageContaining("small.arpa:");
    }
  }

  @Test
  void aFileWithAnyFlippedBitIsRefusedOrRead() {
    byte[] whole = SMALL.getBytes(UTF_8);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        // A damaged <unk> is a sixth word beside the <unk> that is then put in.
        assertThat(read(flipped).size(1)).isBetween(5, 6);
      } catch (WordmillException | IOException e) {
        assertThat(e).isInstanceOf(WordmillException.class).hasMessageContaining("small.arpa");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ngram 2=3      | ngram 2=4      | small.arpa:18: | promises 4 2-grams",
        "ngram 2=3      | ngram 2=2      | small.arpa:16: | expected \\3-grams: after the 2 2-grams",
        "ngram 2=3      | ngram 2=x      | small.arpa:3:  | ngram 2=",
        "ngram 2=3      | ngram 4=3      | small.arpa:3:  | ngram 2=",
        "\\data\\       | \\dada\\       | small.arpa:1:  | \\data\\",
        "\\2-grams:     | \\3-grams:     | small.arpa:13: | \\2-grams:",
        "\\end\\        | more           | small.arpa:21: | \\end\\",
        "-0.25          | -0,25          | small.arpa:14: | '-0,25' is not a log10 probability",
        "-0.25          | nan            | small.arpa:14: | is not a log10 probability",
        "-0.0625        | -inf           | small.arpa:11: | not finite",
        "<s> a          | <s> zebra      | small.arpa:14: | 'zebra' is not among the unigrams",
        "a żółw         | <s> a          | small.arpa:15: | occurs twice",
        "-1.25          | -1.25 b        | small.arpa:10: | 1 words",
        "-0.25 <s>      | -0.25          | small.arpa:14: | '-0.5' is not among the unigrams",
        "<s> a -0.5     | a              | small.arpa:14: | 2 words",
        "<s> a żółw     | a a żółw       | small.arpa:19: | context",
        "<s> a żółw     | <s> a żółw -1  | small.arpa:19: | highest order",
      })
  void everyComplaintNamesFileAndLine(
      String original, String replacement, String place, String what) {
    String text = SMALL.replace('\t', ' ');
    assertThat(text).contains(original);
    String wrong =
        text.replaceFirst(Pattern.quote(original), Matcher.quoteReplacement(replacement));
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining(place)
        .hasMessageContaining(what);
  }

  /** All pairs of 70 words, and all triples that begin with the first. */
  private static List<String> manyLines() {
    List<String> lines = new ArrayList<>();
    lines.addAll(List.of("\\data\\", "ngram 1=73", "ngram 2=4900", "ngram 3=4900", ""));
    lines.addAll(List.of("\\1-grams:", "-2\t<unk>\t0", "0\t<s>\t0", "-1\t</s>\t0"));
    for (int i = 0; i < 70; i++) {
      lines.add("-1\tw" + i + "\t-0.5");
    }
    lines.add("\\2-grams:");
    for (int i = 0; i < 4900; i++) {
      lines.add("-0.75\tw" + i / 70 + " w" + i % 70 + "\t-0.25");
    }
    lines.add("\\3-grams:");
    for (int i = 0; i < 4900; i++) {
      lines.add("-0.5\tw0 w" + i / 70 + " w" + i % 70);
    }
    lines.addAll(List.of("\\end\\", ""));
    return lines;
  }

  @Test
  void theFirstFaultOfManyLinesIsToldWithItsLine() throws IOException {
    List<String> lines = manyLines();
    assertThat(read(String.join("\n", lines)).size(3)).isEqualTo(4900);
    int orphan = lines.indexOf("-0.5\tw0 w60 w20");
    lines.set(orphan, "-0.5\t</s> w60 w20");
    lines.set(orphan + 50, "x\tw0 w61 w0");
    assertThatThrownBy(() -> read(String.join("\n", lines)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("small.arpa:" + (orphan + 1) + ":")
        .hasMessageContaining("the context of the n-gram '</s> w60 w20' is not among the 2-grams");
    lines.set(orphan - 1, "-0.5\tw0 w60 w18");
    assertThatThrownBy(() -> read(String.join("\n", lines)))
        .hasMessageContaining("small.arpa:" + orphan + ":")
        .hasMessageContaining("the n-gram 'w0 w60 w18' occurs twice");
    lines.set(orphan - 2, "x\tw0 w60 w18");
    assertThatThrownBy(() -> read(String.join("\n", lines)))
        .hasMessageContaining("small.arpa:" + (orphan - 1) + ":")
        .hasMessageContaining("'x' is not a log10 probability");
  }

  @Test
  void missingSentenceBoundariesArePutInWithAWarning() throws IOException {
    List<String> warnings = new ArrayList<>();
    String without = SMALL.replace("<s>", "<begin>").replace("</s>", "<end>");
    BackoffModel model =
        ArpaReader.read(
            new ByteArrayInputStream(without.getBytes(UTF_8)), "small.arpa", warnings::add);
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0)).contains("small.arpa: no <s>");
    int a = model.vocabulary().id("a");
    assertThat(model.log10Probability(model.start(), a)).isEqualTo(-1.25);
    assertThat(model.log10Probability(model.start(), model.vocabulary().end())).isEqualTo(-2);
  }

  @Test
  void logProbabilitiesAboveZeroAreZeroWithAWarning() throws IOException {
    List<String> warnings = new ArrayList<>();
    String positive = SMALL.replace("-0.25", "0.25").replace("-0.375", "1e-3");
    BackoffModel model =
        ArpaReader.read(
            new ByteArrayInputStream(positive.getBytes(UTF_8)), "small.arpa", warnings::add);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("2 log10 probabilities above 0");
    assertThat(model.log10Probability(model.start(), model.vocabulary().id("a"))).isZero();
  }

  private static BackoffModel read(String text) throws IOException {
    return read(text.getBytes(UTF_8));
  }

  private static BackoffModel read(byte[] bytes) throws IOException {
    return ArpaReader.read(new ByteArrayInputStream(bytes), "small.arpa", warning -> {});
  }

  private static String written(BackoffModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArpaWriter.write(model, out);
    return out.toString(UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
