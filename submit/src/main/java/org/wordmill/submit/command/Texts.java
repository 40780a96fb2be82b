package org.wordmill.submit.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.counter.LocalText;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;

/** Input text on this machine, without Spark. */
final class Texts {
  private Texts() {}

  /** Gives every file of the paths to the reader, decompressed. */
  static void forEachFile(List<String> paths, LocalText.Reader reader) {
    LocalText.forEachFile(paths, new Configuration(), reader);
  }

  /**
   * The whole text, every line with a line end, for models of characters; a carriage return before
   * a line end is dropped, so that the same text scores the same from Windows.
   */
  static String read(List<String> paths, TextPolicy policy) {
    StringBuilder text = new StringBuilder();
    forEachFile(
        paths,
        (in, file) -> {
          LineReader lines = new LineReader(in, file, policy);
          while (lines.next()) {
            append(text, lines, file, policy.malformed());
          }
        });
    return text.toString();
  }

  private static void append(
      StringBuilder text, LineReader lines, String file, TextPolicy.Malformed malformed) {
    int end = lines.end();
    if (end > lines.start() && lines.bytes()[end - 1] == '\r') {
      end--;
    }
    ByteBuffer line = ByteBuffer.wrap(lines.bytes(), lines.start(), end - lines.start());
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(
                malformed == TextPolicy.Malformed.REPLACE
                    ? CodingErrorAction.REPLACE
                    : CodingErrorAction.REPORT);
    try {
      text.append(decoder.decode(line)).append('\n');
    } catch (CharacterCodingException e) {
      if (malformed == TextPolicy.Malformed.STRICT) {
        throw malformed(file, lines.number(), e);
      }
    }
  }

  /**
   * The text of one file as it stands, every byte of it that is well-formed UTF-8.
   *
   * @param in read to its end, not closed
   * @param file the name for messages
   */
  static String exact(InputStream in, String file, TextPolicy policy) throws IOException {
    byte[] bytes = in.readAllBytes();
    if (policy.malformed() == TextPolicy.Malformed.REPLACE) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder();
    int line = 1;
    for (int from = 0; from < bytes.length; line++) {
      int end = from;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      end = Math.min(bytes.length, end + 1);
      try {
        text.append(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, end - from)));
      } catch (CharacterCodingException e) {
        if (policy.malformed() == TextPolicy.Malformed.STRICT) {
          throw malformed(file, line, e);
        }
      }
      from = end;
    }
    return text.toString();
  }

  private static WordmillException malformed(
      String file, long line, CharacterCodingException cause) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the line is not valid UTF-8",
        file + ":" + line,
        "repair it, or give --malformed replace or drop-line",
        cause);
  }
}
