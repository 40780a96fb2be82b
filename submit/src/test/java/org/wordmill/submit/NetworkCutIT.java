package org.wordmill.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers on hosts of their own, one of which is cut off from the network in the middle. */
class NetworkCutIT {
  /** Who is silent so long is lost. */
  private static final List<String> IMPATIENT =
      List.of(
          "spark.network.timeout=8s",
          "spark.network.timeoutInterval=1s",
          "spark.executor.heartbeatInterval=1s",
          "spark.worker.timeout=8");

  private static final int STEPS = 400;

  @TempDir private static Path folder;

  @Test
  void trainingGoesOnWithoutAHostThatIsCutOffAndGivesTheSameBytes() throws Exception {
    Optional<String> obstacle = PrivateNetwork.obstacle();
    assumeTrue(obstacle.isEmpty(), obstacle::orElseThrow);
    String text = Product.sample("train.txt", folder).toString();
    Path quiet = folder.resolve("quiet");
    checked(Product.run(folder, Map.of(), training(text, quiet).toArray(new String[0])));
    try (PrivateNetwork network = PrivateNetwork.of(3);
        StandaloneCluster cluster =
            StandaloneCluster.start(
                folder, IMPATIENT, network.host(0), List.of(network.host(1), network.host(2)))) {
      Path run = folder.resolve("cut");
      List<String> arguments = new ArrayList<>(cluster.options());
      IMPATIENT.forEach(setting -> arguments.addAll(List.of("--conf", setting)));
      arguments.add("--");
      arguments.addAll(training(text, run));
      arguments.addAll(List.of("--set", "sync=direct"));
      Product.Started started =
          Product.start(
              folder,
              network.host(0).enter(),
              Map.of("SPARK_LOCAL_IP", network.host(0).address()),
              arguments);
      Path log = run.resolve("metrics.jsonl");
      while (started.process().isAlive()
          && !(Files.exists(log) && Files.readAllLines(log).size() >= 50)) {
        Thread.sleep(5);
      }
      network.cutOff(2);
      String said = checked(started.await(120)).err();
      assertThat(said).contains("2 workers").contains("new workers begin at step");
      assertThat(RunOutcome.of(run).differences(RunOutcome.of(quiet))).isEmpty();
      assertThat(RunOutcome.of(run).lines()).hasSizeGreaterThanOrEqualTo(STEPS);
    }
  }

  private static Product.Ended checked(Product.Ended ended) {
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return ended;
  }

  private static List<String> training(String text, Path run) throws IOException {
    List<String> command = new ArrayList<>(List.of("train", "--config", "gpt-tiny"));
    command.addAll(List.of("--input", text, "--output", run.toString()));
    for (String setting :
        List.of(
            "schedule.steps=" + STEPS,
            "schedule.log_interval=1",
            "schedule.evaluation_interval=0",
            "schedule.checkpoint_interval=20")) {
      command.addAll(List.of("--set", setting));
    }
    return command;
  }
}
