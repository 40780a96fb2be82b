package org.wordmill.submit.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.MatrixRate;
import org.wordmill.model.GptSizes;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.ParameterCount;
import org.wordmill.model.TrainingCost;
import org.wordmill.model.TransformerConfig;

/**
 * What the settings of a preset amount to: the sizes of the model, its parameters by part, beside
 * them the figure that was published, and what training would cost. Nothing of the model is
 * allocated.
 */
final class PresetReport {
  private static final Duration MEASURING = Duration.ofSeconds(1);
  private static final double HOUR = 3600;
  private static final double DAY = 24 * HOUR;
  private static final double YEAR = 365.25 * DAY;

  private final String preset;
  private final ModelConfig model;
  private final List<ParameterCount> parts;
  private final long total;
  private final Optional<GptSizes.Size> published;

  PresetReport(String preset, ModelConfig model) {
    this.preset = preset;
    this.model = model;
    this.parts = ParameterCount.byPart(model.build().layout());
    this.total = ParameterCount.total(parts);
    this.published = GptSizes.find(preset);
  }

  /** The report for programs. */
  Map<String, Object> values(@Nullable Double tokens) {
    Map<String, Object> result = new LinkedHashMap<>(sizes());
    result.put("parts", parts);
    result.put("parameter_count", total);
    published.ifPresent(
        size -> {
          Map<String, Object> figure = new LinkedHashMap<>();
          figure.put("name", size.name());
          figure.put("figure", size.figure());
          figure.put("parameters", size.parameters());
          figure.put("agrees", size.agreesWith(total));
          figure.put("difference_percent", difference(size));
          figure.put("note", size.note());
          result.put("published", figure);
        });
    if (tokens != null) {
      TrainingCost cost = new TrainingCost(total, tokens);
      MatrixRate rate = MatrixRate.measure(KernelChoice.AUTO, MEASURING);
      Map<String, Object> training = new LinkedHashMap<>();
      training.put("tokens", tokens);
      training.put("operations", cost.operations());
      training.put("petaflop_days", cost.petaflopDays());
      training.put("machine_operations_per_second", rate.operationsPerSecond());
      training.put("machine_threads", rate.threads());
      training.put("machine_kernels", rate.kernels());
      training.put("machine_seconds", cost.seconds(rate.operationsPerSecond()));
      result.put("training", training);
    }
    return result;
  }

  private Map<String, Object> sizes() {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("preset", preset);
    sizes.put("kind", model.kind());
    if (model instanceof TransformerConfig transformer) {
      sizes.put("layers", transformer.layers());
      sizes.put("states", transformer.width());
      sizes.put("inner_states", 4 * transformer.width());
      sizes.put("heads", transformer.heads());
      sizes.put("states_per_head", transformer.width() / transformer.heads());
    }
    sizes.put("context", model.contextLength());
    sizes.put("vocabulary", model.vocabularySize());
    return sizes;
  }

  /** The report for people, of the {@link #values}. */
  String text(Map<String, Object> values) {
    StringBuilder text = new StringBuilder(Tables.facts(sizes())).append('\n');
    List<List<String>> rows = new ArrayList<>();
    for (ParameterCount part : parts) {
      rows.add(row(part.part(), part.parameters()));
    }
    rows.add(row("in all", total));
    text.append(Tables.table(List.of("part", "parameters", "share"), rows));
    published.ifPresent(size -> text.append(comparison(size)));
    if (values.get("training") instanceof Map<?, ?> training) {
      text.append(training(training));
    }
    return text.toString();
  }

  private List<String> row(String part, long count) {
    return List.of(
        part,
        String.format(Locale.ROOT, "%,d", count),
        String.format(Locale.ROOT, "%.1f%%", 100.0 * count / total));
  }

  private String comparison(GptSizes.Size size) {
    String verdict =
        size.agreesWith(total)
            ? "the same within its rounding"
            : String.format(Locale.ROOT, "%+.1f%% here", difference(size));
    String note = size.note().isEmpty() ? "" : "\n  " + size.note();
    return "\npublished as %s: %s parameters, %s%s\n"
        .formatted(size.name(), size.figure(), verdict, note);
  }

  private double difference(GptSizes.Size size) {
    return 100 * (total / size.parameters() - 1);
  }

  private static String training(Map<?, ?> training) {
    double rate = number(training, "machine_operations_per_second");
    return String.format(
        Locale.ROOT,
        "%ntraining on %,.0f tokens%n"
            + "  floating point operations, 6 N D  %.3e%n"
            + "  petaflop/s-days                   %.4g%n"
            + "  on this machine                   %s at %.1f gigaflop/s (%s kernels, %s threads)%n",
        number(training, "tokens"),
        number(training, "operations"),
        number(training, "petaflop_days"),
        time(number(training, "machine_seconds")),
        rate / 1e9,
        training.get("machine_kernels"),
        training.get("machine_threads"));
  }

  private static double number(Map<?, ?> values, String name) {
    return values.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** In the largest unit of which there is one at least. */
  static String time(double seconds) {
    if (seconds >= YEAR) {
      return String.format(Locale.ROOT, "%,.1f years", seconds / YEAR);
    } else if (seconds >= DAY) {
      return String.format(Locale.ROOT, "%.1f days", seconds / DAY);
    } else if (seconds >= HOUR) {
      return String.format(Locale.ROOT, "%.1f hours", seconds / HOUR);
    }
    return String.format(Locale.ROOT, "%.1f seconds", seconds);
  }
}
