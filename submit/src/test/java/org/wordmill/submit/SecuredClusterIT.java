package org.wordmill.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** Training on a cluster whose processes know a secret and encrypt what they say. */
class SecuredClusterIT {
  private static final String ENCRYPTED = "spark.network.crypto.enabled=true";
  private static final List<String> AUTHENTICATED =
      List.of("spark.authenticate=true", "spark.authenticate.secret=open-sesame");
  private static final List<String> SECURED =
      List.of(
          AUTHENTICATED.get(0),
          AUTHENTICATED.get(1),
          ENCRYPTED,
          "spark.io.encryption.enabled=true");

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static String text;

  @BeforeAll
  static void startTheCluster() throws IOException, InterruptedException {
    text = Product.sample("train.txt", folder).toString();
    cluster = StandaloneCluster.start(folder, SECURED);
  }

  @AfterAll
  static void stopTheCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Product.Ended train(String output, List<String> options, String... more) {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of("--", "train", "--config", "gpt-tiny", "--input", text, "--output", output));
    for (String setting :
        List.of("schedule.steps=4", "schedule.log_interval=1", "schedule.evaluation_interval=0")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return Product.run(folder, Map.of(), arguments.toArray(new String[0]));
  }

  private static List<String> onTheCluster(List<String> settings) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--master",
                cluster.master(),
                "--executor-memory",
                "1g",
                "--conf",
                "spark.driver.host=127.0.0.1"));
    settings.forEach(setting -> options.addAll(List.of("--conf", setting)));
    return options;
  }

  private static List<String> losses(String output) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(output, "metrics.jsonl"))) {
      losses.add(Json.parse(line, "metrics").path("loss").toString());
    }
    return losses;
  }

  @Test
  void trainingWorksAndIsNeverTheOneThatDoesNotEncrypt() throws IOException {
    String local = folder.resolve("local").toString();
    assertThat(train(local, List.of()).exitCode()).isZero();
    String secured = folder.resolve("secured").toString();
    Product.Ended ended = train(secured, onTheCluster(SECURED));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err())
        .contains("sync = auto is broadcast")
        .contains("not direct: spark.network.crypto.enabled is true");
    assertThat(losses(secured)).isEqualTo(losses(local)).hasSize(4);

    Product.Ended refused =
        train(folder.resolve("refused").toString(), onTheCluster(SECURED), "--set", "sync=direct");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errorLines())
        .singleElement()
        .asString()
        .contains("its connections are not encrypted, sync = direct");
  }

  /**
   * Those who agree to prove the secret, and no more, may exchange slices by sockets of their own.
   */
  @Test
  void whereASecretIsAllThatIsAskedForTrainingMayBeDirect() throws IOException {
    String local = folder.resolve("local-too").toString();
    assertThat(train(local, List.of()).exitCode()).isZero();
    String direct = folder.resolve("direct").toString();
    Product.Ended ended = train(direct, onTheCluster(AUTHENTICATED));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("sync = auto is direct").contains("direct, 2 workers");
    assertThat(losses(direct)).isEqualTo(losses(local)).hasSize(4);
  }

  @Test
  void aWorkerWithoutTheSecretIsNotLetIn() throws IOException, InterruptedException {
    assertThat(cluster.strangersLog(List.of(), "Failed to connect to master"))
        .doesNotContain("Successfully registered");
    List<String> wrong =
        List.of(AUTHENTICATED.get(0), "spark.authenticate.secret=sesame", ENCRYPTED);
    assertThat(cluster.strangersLog(wrong, "Failed to connect to master"))
        .doesNotContain("Successfully registered");
    assertThat(cluster.mastersLog().split("Registering worker", -1)).hasSize(1 + 2);
  }
}
