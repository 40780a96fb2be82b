package org.wordmill.submit.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ContextCost;
import org.wordmill.submit.report.LogLogPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The time of one layer against the length of its context. */
@Command(
    name = "context-cost",
    header = "How time grows with the context, for a Transformer and an RNN.",
    description =
        "Measures one layer of each, forward and backward over one sequence on one thread, at"
            + " lengths that double, and writes what it found as context-cost.csv and"
            + " context-cost.png. The attention of a Transformer grows with the square of the"
            + " context, a recurrent network with the context.",
    footer = {"", "Example:", "  wordmill context-cost --longest 4096 --output cost"})
final class ContextCostCommand implements Callable<Integer> {
  private static final int SHORTEST = 64;
  private static final Duration TIME = Duration.ofMillis(200);

  /** Loops are interpreted until the compiler has seen them often enough: the first is lost. */
  private static final int ROUNDS = 3;

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--width",
      paramLabel = "C",
      defaultValue = "64",
      description = "The width of both layers. Default: ${DEFAULT-VALUE}.")
  private int width;

  @Option(
      names = "--heads",
      paramLabel = "H",
      defaultValue = "2",
      description = "Heads of attention. Default: ${DEFAULT-VALUE}.")
  private int heads;

  @Option(
      names = "--longest",
      paramLabel = "T",
      defaultValue = "4096",
      description =
          "The longest context, in tokens; the shortest is "
              + SHORTEST
              + ". Its scores take 8 T T H bytes. Default: ${DEFAULT-VALUE}.")
  private int longest;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the table and the picture go.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  ContextCostCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (width < 1 || heads < 1 || width % heads != 0) {
      throw usage(
          "a width of " + width + " cannot be shared out over " + heads + " heads",
          "choose a width that is a multiple of the heads");
    }
    if (longest < SHORTEST) {
      throw usage(
          "the longest context is " + longest, "choose at least " + SHORTEST + " with --longest");
    }
    OutputFolder folder = new OutputFolder(output, overwrite.overwrite());
    Path csv = folder.free("context-cost.csv");
    Path png = folder.free("context-cost.png");
    List<ContextCost> costs = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      List<Integer> contexts = ContextCost.doublings(SHORTEST, longest);
      for (int i = 0; i < contexts.size(); i++) {
        int context = contexts.get(i);
        console.note("round " + round + ", context of " + context);
        ContextCost cost = ContextCost.measure(width, heads, context, KernelChoice.AUTO, TIME);
        if (round == 1) {
          costs.add(cost);
        } else {
          costs.set(i, cost.faster(costs.get(i)));
        }
      }
    }
    OutputFolder.write(csv, csv(costs).getBytes(StandardCharsets.UTF_8));
    OutputFolder.write(png, picture(costs));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("width", width);
    result.put("heads", heads);
    result.put("costs", costs);
    result.put("csv", csv.toString());
    result.put("png", png.toString());
    console.result(common, result, () -> table(costs) + csv + "\n" + png);
    return 0;
  }

  private static String table(List<ContextCost> costs) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < costs.size(); i++) {
      ContextCost cost = costs.get(i);
      ContextCost before = costs.get(Math.max(0, i - 1));
      rows.add(
          List.of(
              String.valueOf(cost.context()),
              milliseconds(cost.transformerSeconds()),
              milliseconds(cost.rnnSeconds()),
              i == 0 ? "" : ratio(cost.transformerSeconds() / before.transformerSeconds()),
              i == 0 ? "" : ratio(cost.rnnSeconds() / before.rnnSeconds())));
    }
    return Tables.table(
        List.of("context", "Transformer ms", "RNN ms", "Transformer grew", "RNN grew"), rows);
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f", 1000 * seconds);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String csv(List<ContextCost> costs) {
    StringBuilder text = new StringBuilder("context,transformer_seconds,rnn_seconds\n");
    for (ContextCost cost : costs) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%.9f,%.9f\n",
              cost.context(),
              cost.transformerSeconds(),
              cost.rnnSeconds()));
    }
    return text.toString();
  }

  private static byte[] picture(List<ContextCost> costs) {
    LogLogPlot plot = new LogLogPlot("context in tokens", "milliseconds, one layer");
    plot.curve("Transformer", points(costs, ContextCost::transformerSeconds));
    plot.curve("RNN", points(costs, ContextCost::rnnSeconds));
    return plot.png();
  }

  private static List<LogLogPlot.Point> points(
      List<ContextCost> costs, ToDoubleFunction<ContextCost> seconds) {
    return costs.stream()
        .map(cost -> new LogLogPlot.Point(cost.context(), 1000 * seconds.applyAsDouble(cost)))
        .toList();
  }

  private static WordmillException usage(String what, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "wordmill context-cost", remedy);
  }
}
