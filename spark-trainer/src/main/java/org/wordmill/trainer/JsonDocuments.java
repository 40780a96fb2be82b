package org.wordmill.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * The documents in one field of JSON objects, one a line. Blank lines are nothing; a document that
 * is null or of nothing but white space is left out.
 */
final class JsonDocuments implements TextPieces {
  private final TextLines lines;
  private final String field;
  private final String path;
  private long blank;

  JsonDocuments(TextLines lines, TextSplit split) {
    this.lines = lines;
    this.field = split.field();
    this.path = split.path();
  }

  /**
   * @throws WordmillException BAD_INPUT, with file and line, when a line is not a JSON object or
   *     has no text in the field
   */
  @Override
  public String next() throws IOException {
    while (lines.advance()) {
      String line = lines.line();
      if (line.isBlank()) {
        continue;
      }
      String document = document(line);
      if (!document.isBlank()) {
        return document;
      }
      blank++;
    }
    return "";
  }

  private String document(String line) throws IOException {
    JsonNode row = parse(line);
    if (!row.isObject()) {
      throw fault("a line that is no JSON object", "write one object a line", null);
    }
    JsonNode value = row.get(field);
    if (value == null) {
      List<String> fields = new ArrayList<>();
      row.fieldNames().forEachRemaining(fields::add);
      throw fault(
          "the object has no field '" + field + "', but " + fields, "name one: --text-field", null);
    }
    if (value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw fault("the field '" + field + "' is no text", "name another: --text-field", null);
    }
    return value.textValue();
  }

  private JsonNode parse(String line) throws IOException {
    try {
      return Json.parse(line, path);
    } catch (WordmillException e) {
      String what =
          e.getCause() instanceof JsonProcessingException json
              ? "not JSON: " + json.getOriginalMessage()
              : "not JSON: " + e.getMessage();
      throw fault(what, "repair the line, or leave it out", e);
    }
  }

  private WordmillException fault(String what, String remedy, @Nullable Throwable cause)
      throws IOException {
    return new WordmillException(ExitCode.BAD_INPUT, what, lines.where(), remedy, cause);
  }

  @Override
  public long malformedParts() {
    return lines.malformedParts();
  }

  @Override
  public long longLines() {
    return lines.longLines();
  }

  @Override
  public long bombs() {
    return lines.bombs();
  }

  @Override
  public long blankDocuments() {
    return blank;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
