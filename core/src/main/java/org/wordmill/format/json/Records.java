package org.wordmill.format.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Records read from JSON objects as {@link Json#write} writes them: one key per component, in
 * snake_case, none missing (but those with a {@link Default}) and none unknown. Components are
 * numbers, booleans, strings, enums (by their name in lower case) and such records again.
 */
public final class Records {
  private Records() {}

  /**
   * @param where the file and key, for messages
   * @throws WordmillException CORRUPT when the object does not say exactly what the record needs,
   *     or the record refuses a value
   */
  public static <T extends Record> T read(JsonNode object, Class<T> type, String where) {
    if (!object.isObject()) {
      throw corrupt("found " + object.getNodeType() + " where an object was expected", where);
    }
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    Set<String> unknown = new TreeSet<>();
    object.fieldNames().forEachRemaining(unknown::add);
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      String key = Json.snakeCase(components[i].getName());
      types[i] = components[i].getType();
      unknown.remove(key);
      JsonNode value = object.has(key) ? object.path(key) : otherwise(components[i]);
      if (value.isMissingNode()) {
        missing.add(key);
      } else {
        values[i] = value(value, types[i], where + "." + key);
      }
    }
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw corrupt("keys missing " + missing + ", keys unknown " + unknown, where);
    }
    return construct(type, types, values, where);
  }

  /** {@code object}, with what it does not say filled in from the {@link Default}s of a record. */
  public static JsonNode complete(JsonNode object, Class<? extends Record> type) {
    JsonNode completed = object.deepCopy();
    if (completed instanceof ObjectNode fields) {
      for (RecordComponent component : type.getRecordComponents()) {
        String key = Json.snakeCase(component.getName());
        JsonNode value = otherwise(component);
        if (!fields.has(key) && !value.isMissingNode()) {
          fields.set(key, value);
        }
      }
    }
    return completed;
  }

  private static JsonNode otherwise(RecordComponent component) {
    Default value = component.getAnnotation(Default.class);
    if (value == null) {
      return MissingNode.getInstance();
    }
    boolean isWord = component.getType().isEnum() || component.getType() == String.class;
    return isWord ? TextNode.valueOf(value.value()) : Json.parse(value.value(), "a default");
  }

  private static <T extends Record> T construct(
      Class<T> type, Class<?>[] types, Object[] values, String where) {
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw corrupt(String.valueOf(refused.getMessage()), where);
      }
      if (e.getCause() instanceof WordmillException refused) {
        throw corrupt(String.valueOf(refused.getMessage()), where);
      }
      throw new IllegalStateException("cannot construct " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type, e);
    }
  }

  private static Object value(JsonNode value, Class<?> type, String where) {
    if (type == int.class && value.isIntegralNumber() && value.canConvertToInt()) {
      return value.intValue();
    } else if (type == long.class && value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    } else if (type == double.class && value.isNumber()) {
      return value.doubleValue();
    } else if (type == boolean.class && value.isBoolean()) {
      return value.booleanValue();
    } else if (type == String.class && value.isTextual()) {
      return value.textValue();
    } else if (type.isEnum() && value.isTextual()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().toLowerCase(Locale.ROOT).equals(value.textValue())) {
          return constant;
        }
      }
    } else if (type.isRecord()) {
      return read(value, type.asSubclass(Record.class), where);
    }
    throw corrupt("found " + value + " where a " + type.getSimpleName() + " was expected", where);
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "");
  }
}
