package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** The command that serves: what it says, what it refuses, and that its figures are score's. */
class ServeCommandTest {
  private static final String ARPA =
      """
      \\data\\
      ngram 1=5
      ngram 2=3

      \\1-grams:
      -1.0\t<unk>\t0
      -99\t<s>\t-0.3
      -0.6\t</s>\t0
      -0.5\tmill\t-0.2
      -0.7\tturns\t-0.1

      \\2-grams:
      -0.2\t<s> mill
      -0.1\tmill turns
      -0.3\tturns </s>

      \\end\\
      """;

  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void write() throws IOException {
    model = Files.writeString(folder.resolve("tiny.arpa"), ARPA);
  }

  @Test
  void itTellsItsPortServesAndEndsWhenItIsTold() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            false);
    AtomicInteger code = new AtomicInteger(-1);
    Thread command =
        new Thread(
            () ->
                code.set(
                    Program.run(
                        console, "serve", "--model", model.toString(), "--port", "0", "--json")));
    command.start();
    while (command.isAlive() && !out.toString(StandardCharsets.UTF_8).endsWith("\n")) {
      Thread.sleep(20);
    }
    JsonNode said = Json.parse(out.toString(StandardCharsets.UTF_8), "stdout");
    assertThat(said.path("models").toString()).isEqualTo("[\"tiny.arpa\"]");
    String url = said.path("url").textValue();
    assertThat(url).isEqualTo("http://127.0.0.1:" + said.path("port").intValue() + "/");

    String text = "mill turns\nthe mill\n\n";
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url + "v1/score"))
                    .header("Content-Type", "application/json; charset=utf-8")
                    .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of("text", text))))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    JsonNode served = Json.parse(answer.body(), "the answer");
    Path file = Files.writeString(folder.resolve("text.txt"), text);
    JsonNode scored = Ran.wordmill("score", "--model", model, "--input", file, "--json").json();
    scored
        .fields()
        .forEachRemaining(
            figure -> {
              if (figure.getValue().isNumber()) {
                assertThat(served.path(figure.getKey()).doubleValue())
                    .as(figure.getKey())
                    .isCloseTo(figure.getValue().doubleValue(), within(1e-12));
              }
            });
    assertThat(scored.path("tokens").intValue()).isEqualTo(7);

    command.interrupt();
    command.join(20_000);
    assertThat(code.get()).isZero();
  }

  @Test
  void aPortInUseIsOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ran ran = Ran.wordmill("serve", "--model", model, "--port", taken.getLocalPort());
      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(ran.errors()).singleElement().asString().contains("cannot listen", "--port 0");
      assertThat(ran.out()).isEmpty();
    }
  }

  @Test
  void whatCannotBeServedIsUsage() {
    assertThat(Ran.wordmill("serve").errors().get(0)).startsWith("error[2]").contains("--model");
    for (Object[] wrong :
        new Object[][] {
          {"--port", 70000},
          {"--timeout", 0},
          {"--queue", 0},
          {"--max-tokens", 0},
          {"--host", "no host at all"},
          {"--model", model}
        }) {
      Ran ran = Ran.wordmill("serve", "--model", model, wrong[0], wrong[1]);
      assertThat(ran.exitCode()).as(wrong[0] + " " + ran.err()).isEqualTo(2);
      assertThat(ran.errors()).singleElement().asString().contains(wrong[0].toString());
    }
    assertThat(Ran.wordmill("serve", "--model", folder.resolve("none")).exitCode()).isEqualTo(4);
  }
}
