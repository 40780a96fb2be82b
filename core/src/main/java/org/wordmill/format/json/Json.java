package org.wordmill.format.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * JSON (RFC 8259), read strictly and within limits, written as one line in a fixed order.
 *
 * <p>Reading refuses duplicate keys, anything after the value, nesting deeper than {@value #DEPTH},
 * strings above 32 Mi characters and texts above {@value #CHARACTERS} characters. Writing gives one
 * line without blanks; objects keep the order in which their keys were given, and numbers that are
 * not finite, which JSON cannot say, become {@code null}.
 */
public final class Json {
  /** The deepest nesting that is read. */
  public static final int DEPTH = 64;

  /** The longest text that is read: 100 MiB, the cap of a safetensors header. */
  public static final int CHARACTERS = 100 << 20;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH)
                          .maxStringLength(32 << 20)
                          .maxNumberLength(100)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  /** What Jackson says of a text that it does not want to show. */
  private static final String SOURCE = "\\[Source: REDACTED \\([^)]*\\); ([^]]*)]";

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @param where the file's name, for messages
   * @throws WordmillException CORRUPT, with line and column, when the text is not one JSON value
   */
  public static JsonNode parse(String text, String where) {
    if (text.length() > CHARACTERS) {
      throw corrupt(
          "a JSON text of " + text.length() + " characters; the limit is " + CHARACTERS,
          where,
          null);
    }
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw corrupt("found an empty text where JSON was expected", where, null);
      }
      return node;
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? where
              : where + ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
      String what = e.getOriginalMessage().replaceAll(SOURCE, "$1");
      throw corrupt("not JSON: " + what, place, e);
    }
  }

  /**
   * Writes a value as one line without a line end.
   *
   * @param value null, a string, number, boolean or enum (by its name in lower case), a map (by its
   *     iteration order), an iterable, an array, a record (keys in snake_case), or a {@link
   *     JsonNode}
   */
  public static String write(@Nullable Object value) {
    try {
      return MAPPER.writeValueAsString(node(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write as JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static JsonNode node(@Nullable Object value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (value == null) {
      return json.nullNode();
    } else if (value instanceof JsonNode node) {
      return node;
    } else if (value instanceof CharSequence text) {
      return json.textNode(text.toString());
    } else if (value instanceof Boolean truth) {
      return json.booleanNode(truth);
    } else if (value instanceof Enum<?> constant) {
      return json.textNode(constant.name().toLowerCase(Locale.ROOT));
    } else if (value instanceof Number number) {
      return number(number);
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode object = json.objectNode();
      map.forEach((key, element) -> object.set(String.valueOf(key), node(element)));
      return object;
    } else if (value instanceof Iterable<?> elements) {
      ArrayNode array = json.arrayNode();
      elements.forEach(element -> array.add(node(element)));
      return array;
    } else if (value.getClass().isArray()) {
      ArrayNode array = json.arrayNode(Array.getLength(value));
      for (int i = 0; i < Array.getLength(value); i++) {
        array.add(node(Array.get(value, i)));
      }
      return array;
    } else if (value instanceof Record record) {
      return record(record);
    }
    throw new IllegalArgumentException("cannot write a " + value.getClass() + " as JSON");
  }

  private static JsonNode number(Number number) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (number instanceof Float single) {
      return Float.isFinite(single) ? json.numberNode(single) : json.nullNode();
    } else if (number instanceof Double real) {
      return Double.isFinite(real) ? json.numberNode(real) : json.nullNode();
    } else if (number instanceof Integer
        || number instanceof Long
        || number instanceof Short
        || number instanceof Byte) {
      return json.numberNode(number.longValue());
    } else if (number instanceof BigDecimal decimal) {
      return json.numberNode(decimal);
    }
    throw new IllegalArgumentException("cannot write a " + number.getClass() + " as JSON");
  }

  private static JsonNode record(Record record) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        object.set(snakeCase(component.getName()), node(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("cannot read " + component + " of " + record, e);
      }
    }
    return object;
  }

  static String snakeCase(String name) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_').append(Character.toLowerCase(c));
      } else {
        snake.append(c);
      }
    }
    return snake.toString();
  }

  private static WordmillException corrupt(String what, String where, @Nullable Throwable cause) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "", cause);
  }
}
