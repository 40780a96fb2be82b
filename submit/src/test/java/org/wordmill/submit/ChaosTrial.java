package org.wordmill.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Whole runs whose processes are killed at random moments, against the same runs left in peace: the
 * product as users have it, on a standalone cluster of separate processes, each file of the outcome
 * compared. It ends with exit code 7 when something differs. submit/docs/operations.md has results.
 *
 * <pre>mvn -B -Pchaos -DskipTests package -Dchaos.arguments="train --sync direct --runs 4"</pre>
 */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = "Kills processes at random moments and compares what comes out.")
final class ChaosTrial {
  private static final long LIMIT_SECONDS = 1800;

  @Option(
      names = "--output",
      scope = CommandLine.ScopeType.INHERIT,
      description = "A folder for what is written: ${DEFAULT-VALUE}.")
  private Path output = Path.of("target/chaos");

  @Option(
      names = "--seed",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Of what is killed when; the next run has the next one. ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--seconds",
      scope = CommandLine.ScopeType.INHERIT,
      description = "The mean time between two kills of an executor: ${DEFAULT-VALUE}.")
  private double seconds = 20;

  @Option(
      names = "--set",
      scope = CommandLine.ScopeType.INHERIT,
      description = "More settings of the training, or, in an estimate, more options, as words.")
  private List<String> settings = new ArrayList<>();

  private Path folder = output;
  private boolean failed;

  private ChaosTrial() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChaosTrial()).execute(arguments));
  }

  @Command(description = "Kills executors during trainings.")
  int train(
      @Option(names = "--sync", defaultValue = "direct", description = "${DEFAULT-VALUE}")
          String sync,
      @Option(names = "--steps", defaultValue = "1500", description = "${DEFAULT-VALUE}") int steps,
      @Option(names = "--runs", defaultValue = "4", description = "${DEFAULT-VALUE}") int runs)
      throws IOException, InterruptedException {
    prepare("train-" + sync);
    Path quiet = folder.resolve("quiet");
    requireDone(local(training(steps, quiet, List.of())));
    RunOutcome expected = RunOutcome.of(quiet);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder)) {
      for (int run = 0; run < runs; run++) {
        Path killed = folder.resolve("killed-" + (seed + run));
        disturb(
            cluster,
            "train, sync = " + sync,
            seed + run,
            training(steps, killed, List.of("--set", "sync=" + sync)),
            () -> RunOutcome.of(killed).differences(expected));
      }
    }
    return failed ? 7 : 0;
  }

  @Command(description = "Kills executors during estimates.")
  int estimate(
      @Option(names = "--input", required = true, description = "The text.") Path input,
      @Option(names = "--order", defaultValue = "5", description = "${DEFAULT-VALUE}") int order,
      @Option(names = "--runs", defaultValue = "3", description = "${DEFAULT-VALUE}") int runs)
      throws IOException, InterruptedException {
    prepare("estimate");
    List<String> command = new ArrayList<>(List.of("estimate", "--overwrite"));
    command.addAll(List.of("--input", input.toAbsolutePath().toString(), "--order", "" + order));
    command.addAll(settings);
    command.add("--arpa");
    Path quiet = folder.resolve("quiet.arpa");
    requireDone(local(with(command, quiet.toString())));
    String expected = RunOutcome.sha256(quiet);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder)) {
      for (int run = 0; run < runs; run++) {
        Path killed = folder.resolve("killed.arpa");
        disturb(
            cluster,
            "estimate",
            seed + run,
            with(command, killed.toString()),
            () ->
                RunOutcome.sha256(killed).equals(expected)
                    ? List.of()
                    : List.of("the ARPA file differs"));
      }
    }
    return failed ? 7 : 0;
  }

  /** Of what is left in peace, and what all others are compared with. */
  private static void requireDone(Product.Started quiet) {
    Product.Ended ended = quiet.await(LIMIT_SECONDS);
    if (ended.exitCode() != 0) {
      throw new IllegalStateException(
          "the quiet run ended with " + ended.exitCode() + ": " + ended.errorLines());
    }
  }

  private interface Check {
    List<String> differences() throws IOException;
  }

  private void disturb(
      StandaloneCluster cluster, String what, long itsSeed, List<String> command, Check check)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    int kills;
    Product.Ended ended;
    try (ExecutorKiller killer = ExecutorKiller.start(cluster, seconds, itsSeed)) {
      ended = onCluster(cluster, command).await(LIMIT_SECONDS);
      kills = killer.kills();
    }
    report(
        "%s, seed %d: %d executors killed in %.0f s"
            .formatted(what, itsSeed, kills, (System.nanoTime() - begin) * 1e-9),
        ended,
        check);
  }

  private void report(String what, Product.Ended ended, Check check) throws IOException {
    List<String> differences =
        ended.exitCode() == 0
            ? check.differences()
            : List.of("exit code " + ended.exitCode() + ": " + ended.errorLines());
    failed |= !differences.isEmpty();
    System.out.printf(
        Locale.ROOT,
        "%s: %s%n",
        what,
        differences.isEmpty() ? "equal to the quiet run" : "DIFFERS: " + differences);
  }

  @Command(
      description = {
        "Kills the driver of a training at a random moment after a random one of its steps, and a",
        "resumed one again with every second seed, until one is left in peace."
      })
  int resume(
      @Option(names = "--runs", defaultValue = "20", description = "${DEFAULT-VALUE}") int runs,
      @Option(names = "--steps", defaultValue = "1500", description = "${DEFAULT-VALUE}") int steps,
      @Option(names = "--cluster", description = "On a standalone cluster, not in local mode.")
          boolean onCluster)
      throws IOException, InterruptedException {
    prepare("resume");
    if (!onCluster) {
      resume(runs, steps, this::local);
      return failed ? 7 : 0;
    }
    try (StandaloneCluster cluster = StandaloneCluster.start(folder)) {
      resume(runs, steps, command -> onCluster(cluster, command));
    }
    return failed ? 7 : 0;
  }

  private interface Place {
    Product.Started start(List<String> command);
  }

  private void resume(int runs, int steps, Place place) throws IOException, InterruptedException {
    Path quiet = folder.resolve("quiet");
    requireDone(place.start(training(steps, quiet, List.of())));
    RunOutcome expected = RunOutcome.of(quiet);
    int linesOfAll = lines(quiet);
    for (int run = 0; run < runs; run++) {
      SplittableRandom random = new SplittableRandom(seed + run);
      Path killed = folder.resolve("killed-" + (seed + run));
      StringBuilder moments = new StringBuilder();
      for (int kill = 0; kill <= run % 2; kill++) {
        List<String> more = kill == 0 ? List.of() : List.of("--resume");
        int line = random.nextInt(Math.min(lines(killed), linesOfAll - 1), linesOfAll);
        Product.Started started = place.start(training(steps, killed, more));
        while (started.process().isAlive() && lines(killed) <= line) {
          Thread.sleep(5);
        }
        Thread.sleep(random.nextLong(100));
        boolean ended = !started.process().isAlive();
        started.process().destroyForcibly();
        started.process().waitFor();
        moments.append(
            String.format(
                Locale.ROOT,
                "%s with %d of %d lines of metrics",
                (kill == 0 ? "" : " and resumed") + (ended ? ", which ended before," : ""),
                lines(killed),
                linesOfAll));
      }
      Product.Ended ended =
          place.start(training(steps, killed, List.of("--resume"))).await(LIMIT_SECONDS);
      report(
          "resume, seed %d: driver killed%s".formatted(seed + run, moments),
          ended,
          () -> RunOutcome.of(killed).differences(expected));
    }
  }

  private static int lines(Path run) throws IOException {
    Path log = run.resolve("metrics.jsonl");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  private void prepare(String name) throws IOException {
    Path parent = Files.createDirectories(output.toAbsolutePath());
    folder = Files.createTempDirectory(parent, name + "-");
    System.out.printf("in %s%n", folder);
  }

  private List<String> training(int steps, Path run, List<String> more) throws IOException {
    Path text = folder.resolve("train.txt");
    if (!Files.exists(text)) {
      Product.sample("train.txt", folder);
    }
    List<String> command = new ArrayList<>(List.of("train", "--config", "gpt-tiny"));
    command.addAll(List.of("--input", text.toString(), "--validation", text.toString()));
    command.addAll(List.of("--output", run.toString()));
    List<String> all =
        new ArrayList<>(
            List.of(
                "schedule.steps=" + steps,
                "schedule.log_interval=1",
                "schedule.evaluation_interval=" + Math.max(1, steps / 5),
                "schedule.evaluation_batches=2",
                "schedule.checkpoint_interval=" + Math.max(1, steps / 30),
                "schedule.keep_last=3"));
    all.addAll(settings);
    all.forEach(setting -> command.addAll(List.of("--set", setting)));
    return with(command, more.toArray(new String[0]));
  }

  private Product.Started local(List<String> command) {
    return Product.start(folder, List.of(), Map.of(), command);
  }

  private Product.Started onCluster(StandaloneCluster cluster, List<String> command) {
    List<String> arguments = new ArrayList<>(cluster.options());
    arguments.add("--");
    arguments.addAll(command);
    return Product.start(folder, List.of(), Map.of(), arguments);
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }
}
