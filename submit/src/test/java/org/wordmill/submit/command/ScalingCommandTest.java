package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forecasts from logs of runs that never were. */
class ScalingCommandTest {
  /** Seconds: fixed, for a worker, for a gigabyte owned, for a gigabyte sent. */
  private static final double[] COST = {0.002, 0.001, 0.25, 0.5};

  private static final double RATE = 50e9;

  @TempDir Path folder;

  /** Of 10^9 parameters and 4 workers: 2 ms + 4 ms + 0.25 s x 1 GB + 0.5 s x 6 GB. */
  @Test
  void theForecastIsThatOfTheTimesBehindTheRuns() throws IOException {
    JsonNode json = scaling("--executors", "1,4", "--parameters", "1e9", "--tokens", "1000");
    assertThat(json.path("gigaflop_per_second_of_an_executor").doubleValue())
        .isCloseTo(50, within(1e-6));
    JsonNode four = json.path("forecasts").path(1);
    assertThat(four.path("compute_seconds").doubleValue()).isCloseTo(120, within(1e-6));
    assertThat(four.path("sync_seconds").doubleValue()).isCloseTo(3.256, within(1e-6));
    assertThat(four.path("tokens_per_second").doubleValue())
        .isCloseTo(4000 / 123.256, within(1e-6));
    assertThat(four.path("efficiency").doubleValue()).isCloseTo(120 / 123.256, within(1e-6));
    assertThat(json.path("forecasts").path(0).path("sync_seconds").doubleValue())
        .isCloseTo(1.003, within(1e-6));
  }

  /** 2 Gbit/s are 4 s a gigabyte; twice the rate halves the computation. */
  @Test
  void aNetworkAndARateOfOnesOwnAreTakenInstead() throws IOException {
    JsonNode json =
        scaling(
            "--executors=4", "--parameters=1e9", "--tokens=1000", "--network=2", "--gigaflops=100");
    JsonNode four = json.path("forecasts").path(0);
    assertThat(four.path("compute_seconds").doubleValue()).isCloseTo(60, within(1e-6));
    assertThat(four.path("sync_seconds").doubleValue()).isCloseTo(24.256, within(1e-6));
  }

  @Test
  void theTableAndThePictureAreWritten() throws IOException {
    List<Object> arguments = runs();
    arguments.add("--output");
    arguments.add(folder.resolve("out"));
    Ran ran = Ran.wordmill(arguments.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("error %").contains("efficiency");
    assertThat(Files.readAllLines(folder.resolve("out/scaling.csv"))).hasSize(1 + 2 * 3);
    assertThat(Files.readAllBytes(folder.resolve("out/scaling.png")))
        .startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void whatCannotBeFittedIsRefusedInOneLine() throws IOException {
    String run = String.valueOf(runs().get(2));
    Ran one = Ran.wordmill("scaling", "--run", run);
    assertThat(one.exitCode()).isEqualTo(2);
    assertThat(one.err()).contains("not enough").contains("one, two and three workers");
    assertThat(Ran.wordmill("scaling", "--run", "out").err()).contains("--run is out");
    assertThat(Ran.wordmill("scaling", "--run", "2=" + folder.resolve("none")).exitCode())
        .isEqualTo(4);
  }

  private JsonNode scaling(String... options) throws IOException {
    List<Object> arguments = runs();
    arguments.add("--json");
    arguments.addAll(List.of(options));
    Ran ran = Ran.wordmill(arguments.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.json();
  }

  /** The command with a run of each of two sizes and three numbers of workers. */
  private List<Object> runs() throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("scaling"));
    for (int workers = 1; workers <= 3; workers++) {
      for (double parameters : new double[] {1e6, 50e6}) {
        Path run = Files.createDirectories(folder.resolve(workers + "-" + (long) parameters));
        Files.write(run.resolve("metrics.jsonl"), log(workers, parameters));
        arguments.add("--run");
        arguments.add(workers + "=" + run);
      }
    }
    return arguments;
  }

  /** Steps of 64 tokens a worker; the first third is slow, as while Java compiles. */
  private static List<String> log(int workers, double parameters) {
    double gigabytes = parameters * Float.BYTES / 1e9;
    double sync =
        COST[0]
            + COST[1] * workers
            + COST[2] * gigabytes / workers
            + COST[3] * 2 * gigabytes * (workers - 1) / workers;
    double compute = 6 * parameters * 64 / RATE;
    List<String> lines = new ArrayList<>();
    for (int step = 1; step <= 9; step++) {
      double factor = step <= 3 ? 10 : 1;
      double seconds = factor * (sync + compute);
      double rate = 64 * workers / seconds;
      lines.add(
          String.format(
              Locale.ROOT,
              "{\"step\":%d,\"seconds\":%.17g,\"sync_seconds\":%.17g,\"tokens_per_s\":%.17g,"
                  + "\"model_flop_per_s\":%.17g}",
              step,
              seconds,
              factor * sync,
              rate,
              6 * parameters * rate));
    }
    return lines;
  }
}
