package org.wordmill.submit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.wordmill.submit.report.BarChart;

/** The tokens a second that programs reached in their windows, by size of the model. */
final class BenchmarkRates {
  private final String ours;
  private final Map<String, Map<String, List<Double>>> windows = new LinkedHashMap<>();

  /**
   * @param ours the program that the others are compared with
   */
  BenchmarkRates(String ours) {
    this.ours = ours;
  }

  /** Adds the windows of one run, and tells their median on stderr. */
  void add(String program, String size, double[] rates) {
    List<Double> all =
        windows
            .computeIfAbsent(program, p -> new LinkedHashMap<>())
            .computeIfAbsent(size, s -> new ArrayList<>());
    List<Double> run = DoubleStream.of(rates).boxed().toList();
    all.addAll(run);
    System.err.printf(Locale.ROOT, "%s %-28s %,8.0f%n", size, program, median(run));
  }

  /** A Markdown table: the median of each program, then ours divided by it. */
  String table() {
    Map<String, List<Double>> first = of(ours);
    Set<String> sizes = first.keySet();
    StringBuilder text = new StringBuilder();
    text.append("| tokens/s | ").append(String.join(" | ", sizes)).append(" |\n");
    text.append("|---|").append("---|".repeat(sizes.size())).append('\n');
    windows.forEach(
        (program, bySize) ->
            text.append(row(program, bySize, size -> format("%,.0f", median(bySize, size)))));
    windows.forEach(
        (program, bySize) -> {
          if (!program.equals(ours)) {
            text.append(
                row(
                    ours + " / " + program,
                    bySize,
                    size -> format("%.2f", median(first, size) / median(bySize, size))));
          }
        });
    return text.toString();
  }

  /** The programs at one size as bars, as a PNG file. */
  byte[] picture(String size) {
    BarChart chart = new BarChart("tokens a second of training, " + size, "median", "");
    windows.forEach((program, bySize) -> chart.bar(program, median(bySize, size), 0));
    return chart.png();
  }

  private Map<String, List<Double>> of(String program) {
    return windows.getOrDefault(program, Map.of());
  }

  private static String row(
      String name, Map<String, List<Double>> bySize, Function<String, String> cell) {
    return bySize.keySet().stream()
        .map(cell)
        .collect(Collectors.joining(" | ", "| " + name + " | ", " |\n"));
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }

  private static double median(Map<String, List<Double>> bySize, String size) {
    return median(bySize.getOrDefault(size, List.of()));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
