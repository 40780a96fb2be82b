package org.wordmill.submit.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.UniformModel;
import org.wordmill.text.Characters;
import org.wordmill.text.Vocabulary;

/** What happens to requests that come too many, take too long, or meet the end of the server. */
class ServerLimitsTest {
  private static final String REQUEST = "{\"prompt\":\"\",\"max_tokens\":3,\"stream\":%b}";

  /** A model that gives each token only when it is allowed to. */
  private static final class Slow implements LanguageModel {
    private final Characters characters = Characters.fromText("ab");
    private final LanguageModel model = new UniformModel(characters.vocabulary());
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Semaphore allowed = new Semaphore(0);

    Served served() {
      return new Served("slow", "slow", "slow", this, characters, false);
    }

    @Override
    public Vocabulary vocabulary() {
      return model.vocabulary();
    }

    @Override
    public State start() {
      return model.start();
    }

    @Override
    public State advance(State state, int token) {
      return state;
    }

    @Override
    public double logProbability(State state, int token) {
      return model.logProbability(state, token);
    }

    @Override
    public void nextLogProbabilities(State state, float[] out) {
      asked.countDown();
      allowed.acquireUninterruptibly();
      model.nextLogProbabilities(state, out);
    }
  }

  private static CompletableFuture<Clients.Answer> ask(Server server, boolean stream) {
    return Clients.http()
        .sendAsync(
            Clients.request(server, "/v1/completions", REQUEST.formatted(stream)),
            HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> new Clients.Answer(response.statusCode(), response.body()));
  }

  @Test
  void whoFindsTheLineFullIsToldToComeAgain() throws InterruptedException {
    Slow slow = new Slow();
    try (Server server =
        Clients.serve(new Limits(1, Duration.ofSeconds(30), 9, 999), slow.served())) {
      CompletableFuture<Clients.Answer> first = ask(server, false);
      assertThat(slow.asked.await(10, TimeUnit.SECONDS)).isTrue();
      // Of two more, one may wait.
      List<CompletableFuture<Clients.Answer>> two = List.of(ask(server, false), ask(server, true));
      Clients.Answer refused =
          (Clients.Answer) CompletableFuture.anyOf(two.get(0), two.get(1)).join();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.json().path("error").path("type").textValue()).isEqualTo("overloaded");
      assertThat(Clients.get(server, "/healthz").status()).isEqualTo(200);
      slow.allowed.release(6);
      assertThat(first.join().status()).isEqualTo(200);
      assertThat(two.stream().map(answer -> answer.join().status()))
          .containsExactlyInAnyOrder(200, 429);
    }
  }

  @Test
  void whatTakesTooLongIsCutOffAndTheModelIsFreeAgain() {
    Slow slow = new Slow();
    Limits limits = new Limits(4, Duration.ofMillis(700), 9, 999);
    try (Server server = Clients.serve(limits, slow.served())) {
      Clients.Answer late = ask(server, false).join();
      assertThat(late.status()).isEqualTo(503);
      assertThat(late.json().path("error").path("type").textValue()).isEqualTo("timeout");
      slow.allowed.release(1);

      slow.allowed.release(1); // One token of a stream, then none.
      Clients.Answer begun = ask(server, true).join();
      assertThat(begun.status()).isEqualTo(200);
      assertThat(begun.body()).doesNotContain("[DONE]");
      assertThat(begun.events()).hasSize(2);
      assertThat(begun.events().get(0).path("choices").path(0).path("text").textValue())
          .containsPattern("[ab]");
      assertThat(begun.events().get(1).path("error").path("type").textValue()).isEqualTo("timeout");

      slow.allowed.release(9);
      assertThat(ask(server, false).join().status()).isEqualTo(200);
    }
  }

  @Test
  void aServerThatStopsLetsRunningRequestsEndAndNoOthersIn() throws Exception {
    Slow slow = new Slow();
    Server server = Clients.serve(Clients.LIMITS, slow.served());
    CompletableFuture<Clients.Answer> running = ask(server, true);
    assertThat(slow.asked.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.refuse()).isEqualTo(1);
    CompletableFuture<Boolean> stopped =
        CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(30)));
    Clients.Answer refused = Clients.get(server, "/healthz");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.json().path("error").path("type").textValue()).isEqualTo("unavailable");
    slow.allowed.release(3);
    assertThat(running.join().body()).endsWith("data: [DONE]\n\n");
    assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.await()).isTrue();
  }

  @Test
  void whatDoesNotEndWithinTheGraceTimeIsCutOff() throws InterruptedException {
    Slow slow = new Slow();
    Server server = Clients.serve(Clients.LIMITS, slow.served());
    CompletableFuture<Clients.Answer> running = ask(server, false);
    assertThat(slow.asked.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Boolean> stopped =
        CompletableFuture.supplyAsync(() -> server.stop(Duration.ofMillis(50)));
    assertThat(running.handle((answer, gone) -> gone != null || answer.status() == 503).join())
        .isTrue();
    // The model is in the middle of a token, which nothing interrupts; then it ends.
    slow.allowed.release(9);
    assertThat(stopped.join()).isTrue();
  }
}
