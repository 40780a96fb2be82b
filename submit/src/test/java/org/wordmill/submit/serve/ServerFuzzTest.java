package org.wordmill.submit.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.wordmill.format.json.Json;

/** Requests of any kind to a server of three models, behind what the JDK makes of a socket. */
class ServerFuzzTest {
  // Time enough for any answer on a busy machine, so that being late is a finding.
  private static final Limits LIMITS = new Limits(4, Duration.ofMinutes(5), 20, 4096);
  private static final Server SERVER =
      Clients.serve(LIMITS, Clients.words(), Clients.letters(), Clients.bytes());

  /** What a server on this machine answers: never that it failed, and never that it was late. */
  private static final List<Integer> STATUSES = List.of(200, 400, 403, 404, 405, 413, 415);

  /**
   * @param request {@code POST /path}, lines of headers, a blank line, the body, with line feeds
   */
  @FuzzTest
  @Timeout(60)
  void everyRequestIsAnsweredOrRefusedWithAReason(byte[] request) throws IOException {
    String text = new String(request, StandardCharsets.ISO_8859_1);
    String[] headAndBody = text.split("\n\n", 2);
    String[] lines = headAndBody[0].split("\n", 20);
    String[] words = lines[0].split(" ", 2);
    byte[] body =
        headAndBody.length == 1
            ? new byte[0]
            : headAndBody[1].getBytes(StandardCharsets.ISO_8859_1);
    FakeExchange exchange =
        new FakeExchange(words[0], uri(words.length == 1 ? "" : words[1]), body);
    for (int i = 1; i < lines.length; i++) {
      String[] header = lines[i].split(":", 2);
      try {
        exchange.getRequestHeaders().add(header[0], header.length == 1 ? "" : header[1].strip());
      } catch (IllegalArgumentException e) {
        return; // The JDK refuses it as well.
      }
    }
    SERVER.handle(exchange);
    assertThat(STATUSES).contains(exchange.getResponseCode());
    String answer = new String(exchange.answer(), StandardCharsets.UTF_8);
    String type = exchange.getResponseHeaders().getFirst("Content-Type");
    if (type.equals("application/json") && !words[0].equals("HEAD")) {
      boolean refused = exchange.getResponseCode() != 200;
      assertThat(Json.parse(answer, "the answer").has("error")).isEqualTo(refused);
    } else if (type.startsWith("text/event-stream")) {
      assertThat(answer).endsWith("data: [DONE]\n\n");
    }
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      return URI.create("/v1/completions");
    }
  }
}
