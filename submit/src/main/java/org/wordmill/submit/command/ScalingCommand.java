package org.wordmill.submit.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.model.TrainingCost;
import org.wordmill.submit.report.LogLogPlot;
import org.wordmill.trainer.DirectCost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How far training scales, from runs that were measured. */
@Command(
    name = "scaling",
    header = "How fast a training would be on more executors, from short runs on a few.",
    description = {
      "Fits what a step of sync = direct costs beside its computation to the metrics of runs: a"
          + " fixed time, one for each worker, one for each byte that a worker owns, and one for"
          + " each byte that it sends. Shows measured beside fitted times, and foretells tokens a"
          + " second and efficiency for larger models and more executors.",
      "It takes at least four runs that differ in workers and in size, such as one, two and three"
          + " workers with two models, with schedule.log_interval=1 and some tens of steps each; the"
          + " first third of each is left out. An efficiency of 0.9 is nine tenths of the speed that"
          + " the executors would have if nothing had to be exchanged. Executors that are slower"
          + " than others now and then are not foretold."
    },
    footer = {
      "",
      "Example:",
      "  wordmill scaling --run 1=small-1 --run 2=small-2 --run 3=small-3 --run 1=large-1"
          + " --run 2=large-2 --run 3=large-3 --network 25 --output scaling"
    })
final class ScalingCommand implements Callable<Integer> {
  private static final double BITS_PER_BYTE = 8;
  private static final double GIGA = 1e9;

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--run",
      required = true,
      paramLabel = "WORKERS=DIR",
      description =
          "The output of train with sync = direct, and the number of its workers; repeated.")
  private List<String> runs = List.of();

  @Option(
      names = "--executors",
      split = ",",
      paramLabel = "N",
      defaultValue = "8,64,512",
      description = "Numbers of executors, one worker each. Default: ${DEFAULT-VALUE}.")
  private List<Integer> executors = List.of();

  @Option(
      names = "--parameters",
      split = ",",
      paramLabel = "P",
      defaultValue = "124e6,1.5e9",
      description = "Sizes of models. Default: ${DEFAULT-VALUE}.")
  private List<Double> parameters = List.of();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "16384",
      description = "Tokens of a step for each executor. Default: ${DEFAULT-VALUE}.")
  private double tokens;

  @Option(
      names = "--gigaflops",
      paramLabel = "G",
      defaultValue = "0",
      description =
          "Billions of floating point operations a second of an executor that trains. Default: the"
              + " most that a worker did in the runs.")
  private double gigaflops;

  @Option(
      names = "--network",
      paramLabel = "GBIT",
      defaultValue = "0",
      description =
          "Gigabits a second that an executor's network sends, where that is less than in the runs.")
  private double network;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "",
      description = "Write scaling.csv and scaling.png there.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  ScalingCommand(Console console) {
    this.console = console;
  }

  /** What the metrics of a run say, medians over its steps. */
  private record Run(
      String directory, DirectCost.Measured measured, double operationsPerSecondOfWorker) {}

  /** One line of the forecast; tokens a second are those of all executors. */
  private record Forecast(
      double parameters,
      int executors,
      double computeSeconds,
      double syncSeconds,
      double tokensPerSecond,
      double efficiency) {}

  @Override
  public Integer call() {
    requirePositive("--tokens", tokens > 0);
    requirePositive("--gigaflops", gigaflops >= 0);
    requirePositive("--network", network >= 0);
    requirePositive("--executors", executors.stream().allMatch(n -> n > 0));
    requirePositive("--parameters", parameters.stream().allMatch(p -> p > 0));
    OutputFolder folder = new OutputFolder(output, overwrite.overwrite());
    Path csv = output.isEmpty() ? Path.of("") : folder.free("scaling.csv");
    Path png = output.isEmpty() ? Path.of("") : folder.free("scaling.png");
    List<Run> measured = runs.stream().map(ScalingCommand::read).toList();
    DirectCost cost = fit(measured);
    double rate =
        gigaflops > 0
            ? gigaflops * GIGA
            : measured.stream().mapToDouble(Run::operationsPerSecondOfWorker).max().orElseThrow();
    List<Forecast> forecasts =
        forecasts(network > 0 ? cost.within(network * GIGA / BITS_PER_BYTE) : cost, rate);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("fixed_milliseconds", 1000 * cost.fixed());
    facts.put("milliseconds_for_a_worker", 1000 * cost.perWorker());
    facts.put("seconds_for_a_gigabyte_owned", cost.perGigabyteOwned());
    facts.put("seconds_for_a_gigabyte_sent", cost.perGigabyteSent());
    facts.put("gigaflop_per_second_of_an_executor", rate / GIGA);
    Map<String, Object> result = new LinkedHashMap<>(facts);
    result.put("runs", measured);
    result.put("forecasts", forecasts);
    if (!output.isEmpty()) {
      OutputFolder.write(csv, csv(forecasts).getBytes(StandardCharsets.UTF_8));
      OutputFolder.write(png, picture(forecasts));
      result.put("csv", csv.toString());
      result.put("png", png.toString());
    }
    console.result(
        common,
        result,
        () ->
            table(measured, cost)
                + "\n"
                + Tables.facts(facts)
                + "\n"
                + table(forecasts)
                + (output.isEmpty() ? "" : csv + "\n" + png + "\n"));
    return 0;
  }

  private static DirectCost fit(List<Run> runs) {
    try {
      return DirectCost.fit(runs.stream().map(Run::measured).toList());
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.USAGE,
          String.valueOf(e.getMessage()),
          "wordmill scaling",
          "give runs of one, two and three workers with two sizes of a model",
          e);
    }
  }

  private List<Forecast> forecasts(DirectCost cost, double rate) {
    List<Forecast> forecasts = new ArrayList<>();
    for (double size : parameters) {
      for (int workers : executors) {
        double compute = new TrainingCost(Math.round(size), tokens).seconds(rate);
        double sync = cost.seconds(workers, size);
        forecasts.add(
            new Forecast(
                size,
                workers,
                compute,
                sync,
                workers * tokens / (compute + sync),
                compute / (compute + sync)));
      }
    }
    return forecasts;
  }

  private static Run read(String run) {
    int at = run.indexOf('=');
    String workers = run.substring(0, Math.max(at, 0));
    if (!workers.matches("[1-9][0-9]{0,5}") || at == run.length() - 1) {
      throw new WordmillException(
          ExitCode.USAGE,
          "--run is " + run,
          "wordmill scaling",
          "write the number of workers and the run's output, such as --run 2=out");
    }
    RunFile log = new RunFile(run.substring(at + 1), "metrics.jsonl", new Configuration());
    List<JsonNode> steps =
        log.jsonLines("no log of metrics").stream()
            .filter(line -> line.has("sync_seconds"))
            .toList();
    if (steps.size() < 3 || !steps.get(0).has("model_flop_per_s")) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the log has " + steps.size() + " steps of a language model",
          log.path(),
          "take a run of a language model with schedule.log_interval=1 and some tens of steps");
    }
    steps = steps.subList(steps.size() / 3, steps.size());
    JsonNode last = steps.get(steps.size() - 1);
    double operationsPerToken =
        last.path("model_flop_per_s").doubleValue() / last.path("tokens_per_s").doubleValue();
    double size = operationsPerToken / new TrainingCost(1, 1).operations();
    double computing = median(steps, step -> step.path("seconds").doubleValue() - sync(step));
    double tokensOfStep =
        median(
            steps,
            step -> step.path("tokens_per_s").doubleValue() * step.path("seconds").doubleValue());
    int count = Integer.parseInt(workers);
    return new Run(
        run.substring(at + 1),
        new DirectCost.Measured(count, size, median(steps, ScalingCommand::sync)),
        operationsPerToken * tokensOfStep / count / computing);
  }

  private static double sync(JsonNode step) {
    return step.path("sync_seconds").doubleValue();
  }

  private static double median(List<JsonNode> steps, ToDoubleFunction<JsonNode> value) {
    double[] sorted = steps.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static String table(List<Run> runs, DirectCost cost) {
    return Tables.table(
        List.of("run", "workers", "parameters", "sync seconds", "fitted", "error %"),
        runs.stream()
            .map(
                run -> {
                  DirectCost.Measured measured = run.measured();
                  double fitted = cost.seconds(measured.workers(), measured.parameters());
                  return List.of(
                      run.directory(),
                      String.valueOf(measured.workers()),
                      count(measured.parameters()),
                      seconds(measured.seconds()),
                      seconds(fitted),
                      String.format(Locale.ROOT, "%.0f", 100 * (fitted / measured.seconds() - 1)));
                })
            .toList());
  }

  private static String table(List<Forecast> forecasts) {
    return Tables.table(
        List.of("parameters", "executors", "compute s", "sync s", "tokens/s", "efficiency"),
        forecasts.stream()
            .map(
                forecast ->
                    List.of(
                        count(forecast.parameters()),
                        String.valueOf(forecast.executors()),
                        seconds(forecast.computeSeconds()),
                        seconds(forecast.syncSeconds()),
                        count(forecast.tokensPerSecond()),
                        String.format(Locale.ROOT, "%.3f", forecast.efficiency())))
            .toList());
  }

  private static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String csv(List<Forecast> forecasts) {
    StringBuilder text =
        new StringBuilder(
            "parameters,executors,compute_seconds,sync_seconds,tokens_per_second,efficiency\n");
    for (Forecast line : forecasts) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.0f,%d,%.6f,%.6f,%.3f,%.6f\n",
              line.parameters(),
              line.executors(),
              line.computeSeconds(),
              line.syncSeconds(),
              line.tokensPerSecond(),
              line.efficiency()));
    }
    return text.toString();
  }

  private byte[] picture(List<Forecast> forecasts) {
    LogLogPlot plot = new LogLogPlot("executors", "tokens a second");
    for (double size : parameters) {
      plot.curve(
          count(size) + " parameters",
          forecasts.stream()
              .filter(line -> line.parameters() == size)
              .map(line -> new LogLogPlot.Point(line.executors(), line.tokensPerSecond()))
              .toList());
    }
    return plot.png();
  }

  private static void requirePositive(String option, boolean holds) {
    if (!holds) {
      throw new WordmillException(
          ExitCode.USAGE, option + " is not positive", "wordmill scaling", "choose more than 0");
    }
  }
}
