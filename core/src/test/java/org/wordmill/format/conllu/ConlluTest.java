package org.wordmill.format.conllu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TextPolicy;

/** CoNLL-U as its documentation has it, with ranges, empty nodes and what is none of it. */
class ConlluTest {
  /** A range, an empty node, a form with a space, words without a part of speech. */
  private static final String ODD =
      """
      # sent_id = 1
      # text = vámonos al mar 10 000
      1-2|vámonos|_|_|_|_|_|_|_|_
      1|vamos|ir|VERB|_|Mood=Imp|0|root|_|_
      2|nos|nosotros|PRON|_|_|1|obj|_|_
      3-4|al|_|_|_|_|_|_|_|SpaceAfter=No
      3|a|a|ADP|_|_|5|case|_|_
      4|el|el|_|_|_|5|det|_|_
      5|mar|mar|NOUN|_|_|1|obl|_|_
      5.1|ir|ir|VERB|_|_|_|_|1:conj|_
      5.2|allá|allá|ADV|_|_|_|_|1:conj|_
      6|10 000|10 000|NUM|_|_|5|dep|_|Note=with a space

      1|sí|sí|INTJ|_|_|0|root|_|_

      """
          .replace('|', '\t');

  private static List<ConlluSentence> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8), TextPolicy.Malformed.STRICT);
  }

  private static List<ConlluSentence> read(byte[] text, TextPolicy.Malformed malformed)
      throws IOException {
    ConlluReader reader =
        new ConlluReader(
            new ByteArrayInputStream(text),
            "a.conllu",
            TextPolicy.DEFAULT.withMalformed(malformed));
    List<ConlluSentence> sentences = new ArrayList<>();
    for (Optional<ConlluSentence> next = reader.next(); next.isPresent(); next = reader.next()) {
      sentences.add(next.get());
    }
    return sentences;
  }

  private static String write(List<ConlluSentence> sentences) throws IOException {
    StringBuilder out = new StringBuilder();
    for (ConlluSentence sentence : sentences) {
      sentence.write(out);
    }
    return out.toString();
  }

  @Test
  void whatIsReadAndWrittenAgainIsTheSame() throws IOException {
    assertThat(write(read(ODD))).isEqualTo(ODD);
  }

  @Test
  void wordsAreNeitherRangesNorEmptyNodes() throws IOException {
    TaggedSentence first = read(ODD).get(0).tagged();
    assertThat(first.words()).containsExactly("vamos", "nos", "a", "el", "mar", "10 000");
    assertThat(first.tags()).containsExactly("VERB", "PRON", "ADP", "_", "NOUN", "NUM");
    assertThat(first.isTagged(2)).isTrue();
    assertThat(first.isTagged(3)).isFalse();
  }

  @Test
  void newTagsGoToWordsAndNothingElseChanges() throws IOException {
    ConlluSentence tagged = read(ODD).get(0).withTags(List.of("A", "B", "C", "D", "E", "F"));
    String expected =
        ODD.substring(0, ODD.indexOf("\n\n") + 2)
            .replace("ir\tVERB\t_\tMood", "ir\tA\t_\tMood")
            .replace("PRON", "B")
            .replace("ADP", "C")
            .replace("el\tel\t_", "el\tel\tD")
            .replace("NOUN", "E")
            .replace("NUM", "F");
    assertThat(write(List.of(tagged))).isEqualTo(expected);
  }

  @Test
  void aSentenceOfWordsAloneHasUnspecifiedFields() throws IOException {
    ConlluSentence sentence =
        ConlluSentence.of(
            List.of("# text = go on"),
            new TaggedSentence(List.of("go", "on"), List.of("VERB", "_")));
    assertThat(write(List.of(sentence)))
        .isEqualTo(
            "# text = go on\n1\tgo\t_\tVERB\t_\t_\t_\t_\t_\t_\n2\ton\t_\t_\t_\t_\t_\t_\t_\t_\n\n");
  }

  @Test
  void windowsLineEndsBlankLinesAMarkInFrontAndAMissingEndAreReadAlike() throws IOException {
    List<ConlluSentence> plain = read(ODD);
    assertThat(read(ODD.replace("\n", "\r\n"))).isEqualTo(plain);
    assertThat(read("\n\n" + ODD.replace("\n\n", "\n\n\n\n"))).isEqualTo(plain);
    assertThat(read("\uFEFF" + ODD)).isEqualTo(plain);
    assertThat(read(ODD.stripTrailing())).isEqualTo(plain);
    assertThat(read("")).isEmpty();
    assertThat(read("\n\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 a _ X _ _ 0 root _; 1; found 9 fields",
        "1 a _ X _ _ 0 root _ _ _; 1; found 11 fields",
        "just some text; 1; fields",
        "1 a  X _ _ 0 root _ _; 1; field 3 is empty",
        "1 a _ X~Y _ _ 0 root _ _; 1; field 4 holds a space",
        "2 a _ X _ _ 0 root _ _; 1; '2' after 0 words",
        "0 a _ X _ _ 0 root _ _; 1; '0' after 0 words",
        "-1 a _ X _ _ 0 root _ _; 1; '-1'",
        "01 a _ X _ _ 0 root _ _; 1; '01'",
        "1x a _ X _ _ 0 root _ _; 1; '1x'",
        "99999999999 a _ X _ _ 0 root _ _; 1; '99999999999'",
        "1 a _ X _ _ 0 root _ _|1 b _ X _ _ 0 root _ _; 2; '1' after 1 words",
        "1 a _ X _ _ 0 root _ _|3 b _ X _ _ 0 root _ _; 2; '3' after 1 words",
        "1 a _ X _ _ 0 root _ _|# late|2 b _ X _ _ 0 root _ _; 2; comment between",
        "# alone||1 a _ X _ _ 0 root _ _; 2; comments without a sentence",
        "1 a _ X _ _ 0 root _ _||# alone; 3; comments without a sentence",
        "1-2 ab _ _ _ _ _ _ _ _||1 a _ X _ _ 0 root _ _; 2; without a word",
        "1-2 ab _ _ _ _ _ _ _ _|1 a _ X _ _ 0 root _ _; 2; a range goes to word 2",
        "1 a _ X _ _ 0 root _ _|1-2 ab _ _ _ _ _ _ _ _; 2; '1-2' after 1 words",
        "2-1 ab _ _ _ _ _ _ _ _; 1; '2-1'",
        "1-3 a _ _ _ _ _ _ _ _|1 a _ X _ _ 0 root _ _|2-3 b _ _ _ _ _ _ _ _; 3; '2-3'",
        "1 a _ X _ _ 0 root _ _|1.2 b _ X _ _ _ _ _ _; 2; '1.2'",
        "1 a _ X _ _ 0 root _ _|2.1 b _ X _ _ _ _ _ _; 2; '2.1'",
      })
  void whatTheFormatLeavesNoRoomForIsRefusedWithItsLine(String text, int line, String what) {
    String file = text.replace(' ', '\t').replace('~', ' ').replace('|', '\n');
    assertThatThrownBy(() -> read(file))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("a.conllu:" + line)
        .hasMessageContaining(what);
  }

  @Test
  void anEmptyNodeMayStandBeforeTheFirstWord() throws IOException {
    String text = "0.1\tnada\t_\tX\t_\t_\t_\t_\t_\t_\n1\ta\t_\tX\t_\t_\t0\troot\t_\t_\n\n";
    assertThat(write(read(text))).isEqualTo(text);
  }

  @Test
  void bytesThatAreNotUtf8MeetThePolicy() throws IOException {
    byte[] latin =
        "1\tma\u00F1ana\t_\tX\t_\t_\t0\troot\t_\t_\n\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> read(latin, TextPolicy.Malformed.STRICT))
        .hasMessageContaining("not valid UTF-8, a.conllu:1");
    assertThat(read(latin, TextPolicy.Malformed.REPLACE).get(0).tagged().words())
        .containsExactly("ma\uFFFDana");
    assertThatThrownBy(() -> read(latin, TextPolicy.Malformed.DROP_LINE))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void aFileThatIsCutOffAnywhereGivesWholeSentencesOrAFault() throws IOException {
    byte[] whole = ODD.getBytes(StandardCharsets.UTF_8);
    List<ConlluSentence> all = read(ODD);
    for (int length = 0; length < whole.length; length++) {
      try {
        List<ConlluSentence> some =
            read(java.util.Arrays.copyOf(whole, length), TextPolicy.Malformed.STRICT);
        assertThat(some).hasSizeLessThanOrEqualTo(all.size());
        if (some.size() == all.size()) {
          assertThat(some.get(0)).isEqualTo(all.get(0));
        }
      } catch (WordmillException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
      }
    }
  }
}
