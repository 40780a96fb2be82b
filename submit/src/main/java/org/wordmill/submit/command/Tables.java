package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.TaskTimes;

/** Results as text: aligned columns, numbers to the right. */
final class Tables {
  private Tables() {}

  /** Names and values, one a line; those without a value are left out. */
  static String facts(Map<String, ? extends @Nullable Object> facts) {
    List<List<String>> rows = new ArrayList<>();
    facts.forEach(
        (name, value) -> {
          if (value != null) {
            rows.add(List.of(name.replace('_', ' '), show(value)));
          }
        });
    int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(String.format(Locale.ROOT, "%-" + (width + 2) + "s%s%n", row.get(0), row.get(1)));
    }
    return text.toString();
  }

  /** Rows under a head; columns whose every cell is a number are aligned to the right. */
  static String table(List<String> head, List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < head.size(); column++) {
        int c = column;
        int width =
            all.stream()
                .mapToInt(r -> r.get(c).codePointCount(0, r.get(c).length()))
                .max()
                .orElse(1);
        boolean numbers = rows.stream().allMatch(r -> r.get(c).matches("[-+0-9.,e%∞]*"));
        String cell = row.get(column);
        String padding = " ".repeat(width - cell.codePointCount(0, cell.length()));
        line.append(numbers ? padding + cell : cell + padding).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /**
   * Notes how much longer than the median the longest task of each stage ran, and how much more it
   * read at most; that is no result, since it is another in every run.
   */
  static void noteSkew(Console console, Map<String, TaskTimes> stages) {
    if (stages.isEmpty()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    stages.forEach(
        (stage, times) ->
            parts.add(
                String.format(
                    Locale.ROOT,
                    "%s %.1f (by bytes %.1f)",
                    stage,
                    times.skew(),
                    times.byteSkew())));
    console.note("longest task / median: " + String.join(", ", parts));
  }

  /** Whole numbers in full, others to six decimals, all without a locale. */
  static String show(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return String.format(Locale.ROOT, "%.6f", ((Number) value).doubleValue());
    }
    return String.valueOf(value);
  }
}
