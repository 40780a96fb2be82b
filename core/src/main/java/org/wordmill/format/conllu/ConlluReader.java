package org.wordmill.format.conllu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;

/**
 * The sentences of a CoNLL-U file, one after the other. A line has ten fields with tabs between
 * them; comments stand before the words of their sentence; a blank line ends a sentence. Words are
 * numbered from 1 without gaps, a range stands before its first word, an empty node behind the word
 * it is numbered after.
 *
 * <p>What the format leaves no room for is refused with file and line. Three liberties that files
 * take and no reader can mistake are allowed: several blank lines, CRLF, and a last sentence that
 * the file ends without a blank line. The tree (HEAD, DEPREL, DEPS) is not looked at.
 *
 * <p>Source: the format's documentation by Universal Dependencies, version 2.
 */
public final class ConlluReader {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** The fields that may hold spaces: FORM, LEMMA, MISC. */
  private static final List<Integer> WITH_SPACES = List.of(1, 2, 9);

  private final LineReader lines;
  private final String file;
  private final boolean strict;

  /**
   * @param in UTF-8, plain; not closed by this reader
   * @param file the name for messages
   * @throws WordmillException USAGE under the policy to drop malformed lines, of which sentences
   *     would not be whole
   */
  public ConlluReader(InputStream in, String file, TextPolicy policy) {
    if (policy.malformed() == TextPolicy.Malformed.DROP_LINE) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a sentence of CoNLL-U has no line that could be dropped",
          file,
          "replace what is malformed, or be strict");
    }
    this.lines = new LineReader(in, file, policy.maxLineBytes());
    this.file = file;
    this.strict = policy.malformed() == TextPolicy.Malformed.STRICT;
  }

  /**
   * The next sentence; nothing after the last.
   *
   * @throws WordmillException BAD_INPUT when a line is not CoNLL-U
   */
  public Optional<ConlluSentence> next() throws IOException {
    List<String> comments = new ArrayList<>();
    List<ConlluLine> words = new ArrayList<>();
    Numbering numbering = new Numbering();
    while (lines.next()) {
      String line = line();
      if (line.isEmpty()) {
        if (!words.isEmpty()) {
          numbering.end();
          return Optional.of(new ConlluSentence(comments, words));
        }
        requireNoComments(comments);
      } else if (line.startsWith("#")) {
        if (!words.isEmpty()) {
          throw fault("a comment between the words of a sentence", "put it before the first word");
        }
        comments.add(line);
      } else {
        ConlluLine next = split(line);
        numbering.next(next);
        words.add(next);
      }
    }
    if (words.isEmpty()) {
      requireNoComments(comments);
      return Optional.empty();
    }
    numbering.end();
    return Optional.of(new ConlluSentence(comments, words));
  }

  private void requireNoComments(List<String> comments) {
    if (!comments.isEmpty()) {
      throw fault("comments without a sentence", "leave out the comments, or the blank line");
    }
  }

  /** The line as a string, without its end. */
  private String line() {
    int start = lines.start();
    int end = lines.end();
    if (end > start && lines.bytes()[end - 1] == '\r') {
      end--;
    }
    if (lines.position() == 0
        && end - start >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            lines.bytes(), start, start + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, 3)) {
      start += BYTE_ORDER_MARK.length;
    }
    for (int i = start; i < end; i++) {
      if (lines.bytes()[i] == '\r') {
        throw fault("a carriage return within the line", "end lines with LF, or with CR LF");
      }
    }
    CodingErrorAction malformed = strict ? CodingErrorAction.REPORT : CodingErrorAction.REPLACE;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(malformed)
          .onUnmappableCharacter(malformed)
          .decode(ByteBuffer.wrap(lines.bytes(), start, end - start))
          .toString();
    } catch (CharacterCodingException e) {
      throw fault("the line is not valid UTF-8", "repair it, or give --malformed replace");
    }
  }

  private ConlluLine split(String line) {
    List<String> fields = List.of(line.split("\t", -1));
    if (fields.size() != ConlluLine.FIELDS) {
      throw fault(
          "found " + fields.size() + " fields, expected 10 with tabs between them",
          "is it CoNLL-U? write _ for what is unspecified");
    }
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).isEmpty()) {
        throw fault("field " + (i + 1) + " is empty", "write _ for what is unspecified");
      }
      if (fields.get(i).indexOf(' ') >= 0 && !WITH_SPACES.contains(i)) {
        throw fault(
            "field " + (i + 1) + " holds a space: '" + fields.get(i) + "'",
            "only FORM, LEMMA and MISC may");
      }
    }
    return new ConlluLine(fields);
  }

  private WordmillException fault(String what, String remedy) {
    return new WordmillException(ExitCode.BAD_INPUT, what, file + ":" + lines.number(), remedy);
  }

  /** Follows the IDs of one sentence. */
  private final class Numbering {
    private int words;
    private int emptyNodes;
    private int covered;

    /** Accepts the ID that follows those before, and no other. */
    void next(ConlluLine line) {
      String id = line.id();
      int dash = id.indexOf('-');
      int dot = id.indexOf('.');
      if (dash >= 0) {
        int first = number(id, 0, dash);
        int last = number(id, dash + 1, id.length());
        require(first == words + 1 && last >= first && first > covered, id);
        covered = last;
      } else if (dot >= 0) {
        require(
            number(id, 0, dot) == words && number(id, dot + 1, id.length()) == emptyNodes + 1, id);
        emptyNodes++;
      } else {
        require(number(id, 0, id.length()) == words + 1, id);
        words++;
        emptyNodes = 0;
      }
    }

    void end() {
      if (words == 0) {
        throw fault("a sentence without a word", "number words 1, 2, 3");
      }
      if (covered > words) {
        throw fault(
            "a range goes to word " + covered + ", and the sentence has " + words,
            "close the range within its sentence");
      }
    }

    private int number(String id, int from, int to) {
      String digits = id.substring(from, to);
      require(digits.matches("0|[1-9][0-9]{0,8}"), id);
      return Integer.parseInt(digits);
    }

    private void require(boolean right, String id) {
      if (!right) {
        throw fault(
            "found the ID '" + id + "' after " + words + " words",
            "number words from 1 without gaps: 1, 2; ranges before their first word: 1-2; empty"
                + " nodes after a word: 2.1");
      }
    }
  }
}
