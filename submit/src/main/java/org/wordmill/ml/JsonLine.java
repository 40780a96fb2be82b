package org.wordmill.ml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Perplexity;

/**
 * A line that is a JSON object with a field of text. It comes out with its score byte by byte as it
 * came in, but for the fields that are added at its end.
 */
final class JsonLine {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final byte[] line;
  private final int end;
  private final boolean empty;
  private final byte @Nullable [] text;

  private JsonLine(byte[] line, int end, boolean empty, byte @Nullable [] text) {
    this.line = line;
    this.end = end;
    this.empty = empty;
    this.text = text;
  }

  /** The text as UTF-8; null where the field is. */
  byte @Nullable [] text() {
    return text;
  }

  /**
   * @throws WordmillException BAD_INPUT when the line is no JSON object, has no such field, or has
   *     fields of the names that are added
   */
  static JsonLine parse(byte[] line, String field) {
    int end = line.length - 1;
    while (end >= 0 && (line[end] == ' ' || line[end] == '\r' || line[end] == '\t')) {
      end--;
    }
    try (JsonParser parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw bad("the line is no JSON object");
      }
      boolean found = false;
      boolean empty = true;
      byte[] text = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        empty = false;
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals(field)) {
          found = true;
          if (value == JsonToken.VALUE_STRING) {
            text = parser.getText().getBytes(StandardCharsets.UTF_8);
          } else if (value != JsonToken.VALUE_NULL) {
            throw bad("the field '" + field + "' is no string");
          }
        } else if (name.equals(Scored.PERPLEXITY)
            || name.equals(Scored.TOKENS)
            || name.equals(Scored.OOV)) {
          throw bad("there is a field '" + name + "' already");
        }
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw bad("there is more than one JSON object in the line");
      }
      if (!found) {
        throw bad("there is no field '" + field + "'");
      }
      return new JsonLine(line, end, empty, text);
    } catch (IOException e) {
      throw bad("the line is no JSON object");
    }
  }

  private static WordmillException bad(String what) {
    return new WordmillException(
        ExitCode.BAD_INPUT, what, "", "repair it, or drop such rows with --malformed drop-line");
  }

  /** The line with the fields of a score, which are null where nothing was scored. */
  String with(Perplexity score) {
    boolean scored = score.tokens() > 0;
    double perplexity = score.includingOov();
    return new String(line, 0, end, StandardCharsets.UTF_8)
        + (empty ? "" : ",")
        + '"'
        + Scored.PERPLEXITY
        + "\":"
        // JSON has no number for what is impossible.
        + (scored && Double.isFinite(perplexity) ? Double.toString(perplexity) : "null")
        + ",\""
        + Scored.TOKENS
        + "\":"
        + (scored ? Long.toString(score.tokens()) : "null")
        + ",\""
        + Scored.OOV
        + "\":"
        + (scored ? Long.toString(score.oov()) : "null")
        + '}';
  }
}
