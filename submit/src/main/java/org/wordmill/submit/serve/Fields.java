package org.wordmill.submit.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of a request, each asked for by its name, with what it may be. A field that is null is
 * as good as absent; a field that nobody has asked for is refused.
 */
final class Fields {
  private final JsonNode object;
  private final Set<String> unknown = new TreeSet<>();

  Fields(JsonNode object) {
    if (!object.isObject()) {
      throw HttpFault.invalid(400, "the request is no JSON object");
    }
    this.object = object;
    object.fieldNames().forEachRemaining(unknown::add);
  }

  private JsonNode get(String name) {
    unknown.remove(name);
    return object.path(name);
  }

  boolean has(String name) {
    return !isAbsent(get(name));
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  String text(String name) {
    JsonNode value = get(name);
    if (!value.isTextual()) {
      throw HttpFault.field(name, "'" + name + "' must be given, as a string");
    }
    return value.textValue();
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  int integer(String name, int otherwise, int least, int most) {
    JsonNode value = get(name);
    if (isAbsent(value)) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw HttpFault.field(name, "'" + name + "' must be an integer, " + least + " to " + most);
    }
    return value.intValue();
  }

  long integer(String name, long otherwise) {
    JsonNode value = get(name);
    if (isAbsent(value)) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw HttpFault.field(name, "'" + name + "' must be an integer of 64 bits");
    }
    return value.longValue();
  }

  double number(String name, double otherwise) {
    JsonNode value = get(name);
    if (isAbsent(value)) {
      return otherwise;
    }
    if (!value.isNumber()) {
      throw HttpFault.field(name, "'" + name + "' must be a number");
    }
    return value.doubleValue();
  }

  boolean truth(String name, boolean otherwise) {
    JsonNode value = get(name);
    if (isAbsent(value)) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw HttpFault.field(name, "'" + name + "' must be true or false");
    }
    return value.booleanValue();
  }

  /** The fields of an object within this one, none when it is absent. */
  Fields object(String name) {
    JsonNode value = get(name);
    if (!isAbsent(value) && !value.isObject()) {
      throw HttpFault.field(name, "'" + name + "' must be an object");
    }
    return new Fields(isAbsent(value) ? JsonNodeFactory.instance.objectNode() : value);
  }

  /** One string or an array of at most {@code most}, none of them empty. */
  List<String> strings(String name, int most) {
    JsonNode value = get(name);
    List<String> strings = new ArrayList<>();
    if (value.isTextual()) {
      strings.add(value.textValue());
    } else if (!isAbsent(value)) {
      value.forEach(element -> strings.add(element.isTextual() ? element.textValue() : ""));
      if (!value.isArray()) {
        strings.add("");
      }
    }
    if (strings.contains("") || strings.size() > most) {
      throw HttpFault.field(
          name,
          "'" + name + "' must be a string or up to " + most + " strings, none of them empty");
    }
    return strings;
  }

  /** Takes a field that the server does not support only as the JSON that asks for nothing. */
  void only(String name, String harmless) {
    JsonNode value = get(name);
    boolean isZero = value.isNumber() && value.doubleValue() == 0 && harmless.equals("0");
    if (!isAbsent(value) && !isZero && !value.toString().equals(harmless)) {
      throw HttpFault.field(name, "'" + name + "' is not supported, but as " + harmless);
    }
  }

  /** Refuses what nobody has asked for. */
  void nothingElse() {
    if (!unknown.isEmpty()) {
      String first = unknown.iterator().next();
      throw HttpFault.field(first, "there is no field '" + first + "'");
    }
  }
}
