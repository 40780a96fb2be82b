package org.wordmill.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where a configuration in a checkpoint and a given one differ, in what must not differ. */
final class ConfigDifferences {
  private static final List<String> MAY_DIFFER =
      List.of(
          "schedule.",
          "optimization.learning_rate.",
          "optimization.non_finite_limit",
          "optimization.spike_threshold",
          "recompute");

  private ConfigDifferences() {}

  /** {@code field: saved in the checkpoint, given now; ...}, or nothing. */
  static String between(JsonNode saved, JsonNode given) {
    Map<String, String> before = new TreeMap<>();
    Map<String, String> now = new TreeMap<>();
    flatten("", saved, before);
    flatten("", given, now);
    Set<String> fields = new TreeSet<>(before.keySet());
    fields.addAll(now.keySet());
    List<String> differences = new ArrayList<>();
    for (String field : fields) {
      if (MAY_DIFFER.stream().noneMatch(field::startsWith)
          && !Objects.equals(before.get(field), now.get(field))) {
        differences.add(
            field
                + " is "
                + before.getOrDefault(field, "not there")
                + " in the checkpoint and "
                + now.getOrDefault(field, "not there")
                + " now");
      }
    }
    return String.join("; ", differences);
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      node.fields()
          .forEachRemaining(
              field ->
                  flatten(
                      prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                      field.getValue(),
                      into));
    } else {
      into.put(prefix, node.toString());
    }
  }
}
