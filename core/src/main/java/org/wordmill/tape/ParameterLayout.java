package org.wordmill.tape;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Where each parameter of a model lies in the flat vector. The order is that of a depth-first walk
 * of the modules; a parameter that several modules share lies there once. Parameters start at
 * multiples of {@link #ALIGNMENT} elements; the elements between them are always zero. Immutable;
 * allocates no numbers, however large the model.
 */
public final class ParameterLayout {
  /** Elements; 64 bytes in single precision, one vector register or cache line. */
  public static final int ALIGNMENT = 16;

  private final Map<Parameter, Long> offsets = new IdentityHashMap<>();
  private final Map<String, Parameter> byName = new LinkedHashMap<>();
  private final long size;

  /**
   * @throws IllegalArgumentException if two different parameters have one name
   * @throws WordmillException USAGE when there are more elements than a long can count
   */
  public ParameterLayout(Module root) {
    long end = 0;
    for (Parameter parameter : parametersOf(root, new ArrayList<>())) {
      if (offsets.containsKey(parameter)) {
        continue;
      }
      if (byName.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException("two parameters are named " + parameter.name());
      }
      offsets.put(parameter, end);
      end = end(end, parameter);
    }
    this.size = end;
  }

  /** Where the next parameter begins, after one that begins at {@code begin}. */
  private static long end(long begin, Parameter parameter) {
    try {
      long padded = Math.addExact(parameter.size(), ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      return Math.addExact(begin, padded);
    } catch (ArithmeticException e) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the model has more parameters than can be counted, with " + parameter,
          "",
          "choose a smaller model",
          e);
    }
  }

  private static List<Parameter> parametersOf(Module module, List<Parameter> into) {
    into.addAll(module.parameters());
    for (Module child : module.children()) {
      parametersOf(child, into);
    }
    return into;
  }

  /** The parameters in the order of the vector. */
  public List<Parameter> parameters() {
    return List.copyOf(byName.values());
  }

  /** Elements of the flat vector, alignment included. */
  public long size() {
    return size;
  }

  /** Elements that are learned, alignment excluded. */
  public long parameterCount() {
    return byName.values().stream().mapToLong(Parameter::size).sum();
  }

  /** The first element of a parameter. */
  public long offset(Parameter parameter) {
    Long offset = offsets.get(parameter);
    if (offset == null) {
      throw new IllegalArgumentException(parameter + " does not belong to this model");
    }
    return offset;
  }
}
