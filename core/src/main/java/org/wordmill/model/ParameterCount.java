package org.wordmill.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;

/**
 * How many parameters a part of a model has, all layers together. Counted from names and shapes, so
 * a model of any size can be counted on any machine.
 *
 * @param part in words
 * @param parameters elements; the padding of the flat vector does not count
 */
public record ParameterCount(String part, long parameters) {
  private static final Map<String, String> PARTS =
      Map.of(
          "wte", "token embeddings and head",
          "wpe", "position embeddings",
          "attn", "attention",
          "mlp", "feed-forward",
          "ln_1", "layer normalization",
          "ln_2", "layer normalization",
          "ln_f", "last layer normalization");

  /** The parts in the order in which they are first met; a tied head counts once. */
  public static List<ParameterCount> byPart(ParameterLayout layout) {
    Map<String, Long> sums = new LinkedHashMap<>();
    for (Parameter parameter : layout.parameters()) {
      sums.merge(part(parameter.name()), parameter.size(), Long::sum);
    }
    return sums.entrySet().stream()
        .map(entry -> new ParameterCount(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** All parts together. */
  public static long total(List<ParameterCount> parts) {
    return parts.stream().mapToLong(ParameterCount::parameters).sum();
  }

  /** The module that a name belongs to, without the number of its layer. */
  private static String part(String name) {
    String module = name.replaceFirst("^h\\.\\d+\\.", "").replaceFirst("\\..*$", "");
    return PARTS.getOrDefault(module, module);
  }
}
