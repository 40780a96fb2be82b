package org.wordmill.submit.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Default;

/**
 * Settings as records: each component is a key in snake_case, as in checkpoints, every key must be
 * a component, and every component must be there unless it is an {@link Optional} or has a {@link
 * Default}.
 *
 * <p>Components are numbers, booleans, strings, enums (constants in lower case), lists, records, or
 * interfaces, whose record is chosen by the key {@code kind}: for a sealed interface by the
 * record's name in lower case, for another one by the table given to the constructor. What a
 * record's constructor refuses is an error with the place of its settings.
 */
public final class RecordBinder {
  private static final String KIND = "kind";

  private final Map<Class<?>, Map<String, Class<? extends Record>>> kinds;

  /**
   * @param kinds for each open interface, the records that implement it by their {@code kind}
   */
  public RecordBinder(Map<Class<?>, Map<String, Class<? extends Record>>> kinds) {
    this.kinds = Map.copyOf(kinds);
  }

  /** The record that the settings describe. */
  public <R extends Record> R bind(Class<R> type, ConfigObject settings) {
    return bind(type, settings, "", Set.of());
  }

  private <R extends Record> R bind(
      Class<R> type, ConfigObject settings, String path, Set<String> alsoKnown) {
    Map<String, RecordComponent> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(snake(component.getName()), component);
    }
    Set<String> known = new HashSet<>(components.keySet());
    known.addAll(alsoKnown);
    for (Map.Entry<String, ConfigValue> entry : settings.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw fault(
            "the unknown setting '" + join(path, entry.getKey()) + "'",
            Settings.place(entry.getValue()),
            NearestName.remedy(entry.getKey(), known.stream().sorted().toList()));
      }
    }
    List<Object> values = new ArrayList<>();
    for (Map.Entry<String, RecordComponent> entry : components.entrySet()) {
      String key = join(path, entry.getKey());
      Type wanted = entry.getValue().getGenericType();
      Optional<ConfigValue> value =
          present(settings, entry.getKey()).or(() -> otherwise(entry.getValue()));
      if (isOptional(wanted)) {
        values.add(value.map(v -> convert(argument(wanted), v, key)));
      } else {
        values.add(convert(wanted, value.orElseThrow(() -> missing(key, settings, "add it")), key));
      }
    }
    return construct(type, values, path, settings);
  }

  private static Optional<ConfigValue> present(ConfigObject settings, String key) {
    return Optional.ofNullable(settings.get(key))
        .filter(value -> value.valueType() != ConfigValueType.NULL);
  }

  private static Optional<ConfigValue> otherwise(RecordComponent component) {
    return Optional.ofNullable(component.getAnnotation(Default.class))
        .map(value -> ConfigFactory.parseString("value = " + value.value()).getValue("value"));
  }

  private Object convert(Type type, ConfigValue value, String key) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return elements(argument(generic), value, key);
    }
    if (!(type instanceof Class<?> declared)) {
      throw new IllegalArgumentException("no settings for a component of type " + type);
    }
    Class<?> wanted = MethodType.methodType(declared).unwrap().returnType();
    if (wanted == int.class) {
      return (int) whole(value, key, Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (wanted == long.class) {
      return whole(value, key, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (wanted == double.class) {
      return number(value, key).doubleValue();
    } else if (wanted == float.class) {
      return number(value, key).floatValue();
    } else if (wanted == boolean.class) {
      if (value.unwrapped() instanceof Boolean truth) {
        return truth;
      }
      throw wrong("true or false", value, key);
    } else if (wanted == String.class) {
      if (value.valueType() == ConfigValueType.OBJECT
          || value.valueType() == ConfigValueType.LIST) {
        throw wrong("text", value, key);
      }
      return String.valueOf(value.unwrapped());
    } else if (wanted.isEnum()) {
      return constant(wanted, value, key);
    } else if (wanted.isRecord()) {
      return bind(wanted.asSubclass(Record.class), object(value, key), key, Set.of());
    } else if (wanted.isInterface()) {
      return chosen(wanted, object(value, key), key);
    }
    throw new IllegalArgumentException("no settings for a component of type " + type);
  }

  private List<Object> elements(Type type, ConfigValue value, String key) {
    if (!(value instanceof ConfigList list)) {
      throw wrong("a list", value, key);
    }
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      elements.add(convert(type, list.get(i), key + "[" + i + "]"));
    }
    return List.copyOf(elements);
  }

  private Record chosen(Class<?> type, ConfigObject settings, String path) {
    Map<String, Class<? extends Record>> choices = choices(type);
    ConfigValue kind =
        present(settings, KIND)
            .orElseThrow(
                () ->
                    missing(
                        join(path, KIND),
                        settings,
                        "the choices are " + String.join(", ", choices.keySet())));
    String name = String.valueOf(kind.unwrapped());
    Class<? extends Record> record = choices.get(name);
    if (record == null) {
      throw fault(
          "no " + path + " of kind '" + name + "'",
          Settings.place(kind),
          NearestName.remedy(name, choices.keySet()));
    }
    return bind(record, settings, path, Set.of(KIND));
  }

  private Map<String, Class<? extends Record>> choices(Class<?> type) {
    if (!type.isSealed()) {
      Map<String, Class<? extends Record>> table = kinds.get(type);
      if (table == null) {
        throw new IllegalArgumentException("no kinds are known for " + type);
      }
      return table;
    }
    Map<String, Class<? extends Record>> choices = new LinkedHashMap<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      choices.put(
          permitted.getSimpleName().toLowerCase(Locale.ROOT), permitted.asSubclass(Record.class));
    }
    return choices;
  }

  private static ConfigObject object(ConfigValue value, String key) {
    if (value instanceof ConfigObject object) {
      return object;
    }
    throw wrong("an object { ... }", value, key);
  }

  private static Object constant(Class<?> type, ConfigValue value, String key) {
    String text = String.valueOf(value.unwrapped());
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw fault(
        "'" + text + "' is no value of '" + key + "'",
        Settings.place(value),
        NearestName.remedy(text, names));
  }

  private static long whole(ConfigValue value, String key, long least, long most) {
    Number number = number(value, key);
    boolean isWhole =
        number instanceof Integer
            || number instanceof Long
            || (number.doubleValue() == Math.rint(number.doubleValue())
                && Math.abs(number.doubleValue()) <= 1L << 53);
    if (!isWhole || number.longValue() < least || number.longValue() > most) {
      throw wrong("a whole number", value, key);
    }
    return number.longValue();
  }

  private static Number number(ConfigValue value, String key) {
    if (value.unwrapped() instanceof Number number) {
      return number;
    }
    throw wrong("a number", value, key);
  }

  private static <R extends Record> R construct(
      Class<R> type, List<Object> values, String path, ConfigObject settings) {
    try {
      Class<?>[] parameters =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException
          || e.getCause() instanceof WordmillException) {
        Throwable refused = e.getCause();
        throw new WordmillException(
            ExitCode.USAGE,
            (path.isEmpty() ? "bad settings: " : "bad settings in '" + path + "': ")
                + refused.getMessage(),
            Settings.place(settings),
            "change it there or with --set",
            refused);
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOptional(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
  }

  private static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  private static WordmillException wrong(String expected, ConfigValue value, String key) {
    String found = value.render(ConfigRenderOptions.concise());
    return fault(
        "'" + key + "' must be " + expected + ", found " + found, Settings.place(value), "");
  }

  private static WordmillException missing(String key, ConfigObject settings, String remedy) {
    return fault("the setting '" + key + "' is missing", Settings.place(settings), remedy);
  }

  private static WordmillException fault(String what, String where, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, where, remedy);
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String snake(String name) {
    StringBuilder snake = new StringBuilder();
    for (char c : name.toCharArray()) {
      if (Character.isUpperCase(c)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }
}
