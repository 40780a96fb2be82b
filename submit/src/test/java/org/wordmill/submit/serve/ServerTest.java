package org.wordmill.submit.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Sampler;
import org.wordmill.lm.Spelling;
import org.wordmill.lm.StreamScorer;
import org.wordmill.lm.TextGenerator;
import org.wordmill.text.TextPolicy;

/** What the server answers, against the same computed without it. */
class ServerTest {
  private static final String COMPLETIONS = "/v1/completions";
  private static final Served WORDS = Clients.words();
  private static final Served BYTES = Clients.bytes();
  private static Server server;

  @BeforeAll
  static void start() {
    server = Clients.serve(Clients.LIMITS, WORDS, BYTES);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TextGenerator.Generated drawn(Served served, String prompt, int most, long seed) {
    return new TextGenerator(served.model(), served.tokenizer(), Sampler.PLAIN)
        .generate(prompt, most, seed);
  }

  @Test
  void aCompletionIsWhatTheGeneratorDraws() {
    for (int seed = 0; seed < 20; seed++) {
      JsonNode answer =
          Clients.post(
                  server,
                  COMPLETIONS,
                  "{'prompt':'the mill','max_tokens':4,'seed':" + seed + ",'model':null}")
              .json();
      TextGenerator.Generated drawn = drawn(WORDS, "the mill", 4, seed);
      String text = drawn.text().isEmpty() ? "" : " " + drawn.text();
      JsonNode choice = answer.path("choices").path(0);
      assertThat(choice.path("text").textValue()).isEqualTo(text);
      assertThat(choice.path("finish_reason").textValue())
          .isEqualTo(drawn.ended() ? "stop" : "length");
      assertThat(choice.path("logprobs").isNull()).isTrue();
      assertThat(answer.path("model").textValue()).isEqualTo("words");
      assertThat(answer.path("usage").toString())
          .isEqualTo(
              "{\"prompt_tokens\":2,\"completion_tokens\":%d,\"total_tokens\":%d}"
                  .formatted(drawn.tokens(), drawn.tokens() + 2));
    }
  }

  @ParameterizedTest
  @CsvSource({"words,", "words,'n t'", "words,' the c'", "bytes,", "bytes,a"})
  void theStreamIsTheWhole(String model, String stop) {
    String stops = stop == null ? "[]" : "['zzz','" + stop + "']";
    Served served = model.equals("words") ? WORDS : BYTES;
    for (int seed = 0; seed < 8; seed++) {
      String request =
          "{'model':'%s','prompt':'the','max_tokens':150,'seed':%d,'stop':%s,'logprobs':2"
              .formatted(model, seed, stops);
      JsonNode whole =
          Clients.post(server, COMPLETIONS, request + "}").json().path("choices").path(0);
      List<JsonNode> events =
          Clients.post(server, COMPLETIONS, request + ",'stream':true}").events();
      StringBuilder text = new StringBuilder();
      List<JsonNode> tokens = new ArrayList<>();
      List<JsonNode> offsets = new ArrayList<>();
      for (JsonNode event : events) {
        JsonNode choice = event.path("choices").path(0);
        text.append(choice.path("text").textValue());
        choice.path("logprobs").path("tokens").forEach(tokens::add);
        choice.path("logprobs").path("text_offset").forEach(offsets::add);
      }
      assertThat(text.toString()).isEqualTo(whole.path("text").textValue());
      assertThat(whole.path("logprobs").path("tokens")).containsExactlyElementsOf(tokens);
      assertThat(whole.path("logprobs").path("text_offset")).containsExactlyElementsOf(offsets);
      assertThat(events.get(events.size() - 1).path("choices").path(0).path("finish_reason"))
          .isEqualTo(whole.path("finish_reason"));

      String drawn = drawn(served, "the", 150, seed).text();
      String all = served.ofSentences() && !drawn.isEmpty() ? " " + drawn : drawn;
      int end = stop == null ? -1 : all.indexOf(stop);
      assertThat(text.toString()).isEqualTo(end < 0 ? all : all.substring(0, end));
    }
  }

  @Test
  void aStreamEndsWithUsageIfAskedForAndDone() {
    Clients.Answer answer =
        Clients.post(
            server,
            COMPLETIONS,
            "{'prompt':'','stream':true,'stream_options':{'include_usage':true}}");
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    List<JsonNode> events = answer.events();
    assertThat(events.get(events.size() - 1).path("usage").path("prompt_tokens").intValue())
        .isZero();
    assertThat(events.get(events.size() - 1).path("choices")).isEmpty();
  }

  @Test
  void logprobsAreThoseOfTheModelInNaturalLogarithms() {
    JsonNode logprobs =
        Clients.post(
                server,
                COMPLETIONS,
                "{'prompt':'the corn','seed':3,'max_tokens':6,'logprobs':3,'temperature':0.7}")
            .json()
            .path("choices")
            .path(0)
            .path("logprobs");
    LanguageModel model = WORDS.model();
    LanguageModel.State state = model.start();
    for (int token : WORDS.tokenizer().encode("the corn")) {
      state = model.advance(state, token);
    }
    assertThat(logprobs.path("tokens")).isNotEmpty();
    for (int i = 0; i < logprobs.path("tokens").size(); i++) {
      String word = logprobs.path("tokens").path(i).textValue();
      int token = model.vocabulary().id(word);
      double expected = model.logProbability(state, token);
      assertThat(logprobs.path("token_logprobs").path(i).doubleValue())
          .isCloseTo(expected, within(1e-5));
      JsonNode top = logprobs.path("top_logprobs").path(i);
      assertThat(top.path(word).doubleValue()).isCloseTo(expected, within(1e-5));
      assertThat(top.size()).isBetween(3, 4);
      state = model.advance(state, token);
    }
  }

  @Test
  void aScoreIsThatOfTheCorpusScorer() throws IOException {
    String text = "the corn sings\r\nan owl turns the mill";
    Perplexity expected =
        new CorpusScorer(
                WORDS.model(),
                TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN),
                Spelling.of(WORDS.model().vocabulary()))
            .score(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "text");
    JsonNode score =
        Clients.post(server, "/v1/score", "{'text':'the corn sings\\r\\nan owl turns the mill'}")
            .json();
    assertFigures(score, expected);
    assertThat(score.path("per_token").findValuesAsText("token"))
        .containsExactly(
            "the", "corn", "sings", "</s>", "<unk>", "<unk>", "turns", "the", "mill", "</s>");
    double sum = 0;
    for (JsonNode token : score.path("per_token")) {
      sum += token.path("log_probability").doubleValue();
    }
    assertThat(sum).isCloseTo(expected.logProbability(), within(1e-9));

    JsonNode bytes =
        Clients.post(server, "/v1/score", "{'model':'bytes','text':'é','per_token':false}").json();
    assertFigures(bytes, StreamScorer.score(BYTES.model(), new int[3], 2));
    assertThat(bytes.has("per_token")).isFalse();
  }

  private static void assertFigures(JsonNode score, Perplexity expected) {
    for (Map.Entry<String, Object> figure : expected.figures().entrySet()) {
      assertThat(score.path(figure.getKey()).doubleValue())
          .as(figure.getKey())
          .isEqualTo(((Number) figure.getValue()).doubleValue());
    }
  }

  @Test
  void theNextTokensAreAllTheModelHas() {
    JsonNode answer = Clients.post(server, "/v1/next", "{'prompt':'of the ','top':100}").json();
    JsonNode next = answer.path("next");
    double sum = 0;
    double before = 1;
    for (JsonNode token : next) {
      double probability = token.path("probability").doubleValue();
      assertThat(probability).isLessThanOrEqualTo(before);
      before = probability;
      sum += probability;
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    assertThat(next.path(0).path("token").textValue()).isEqualTo("village");
    assertThat(next.path(0).path("text").textValue()).isEqualTo("village");
    assertThat(answer.path("prompt_tokens").intValue()).isEqualTo(2);
    assertThat(
            Clients.post(server, "/v1/next", "{'prompt':'of the'}")
                .json()
                .path("next")
                .path(0)
                .path("text")
                .textValue())
        .isEqualTo(" village");
  }

  @Test
  void theModelsAreTold() {
    JsonNode models = Clients.get(server, "/v1/models").json().path("data");
    assertThat(models.findValuesAsText("id")).containsExactly("words", "bytes");
    assertThat(models.findValuesAsText("path")).contains("/models/words.arpa");
    assertThat(Clients.get(server, "/healthz").json().path("status").textValue()).isEqualTo("ok");
    String byPath = "{'prompt':'','max_tokens':1,'model':'/models/bytes'}";
    assertThat(Clients.post(server, COMPLETIONS, byPath).json().path("model").textValue())
        .isEqualTo("bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "{};prompt;400",
        "{'prompt':['a','b']};prompt;400",
        "{'prompt':'a','max_tokens':0};max_tokens;400",
        "{'prompt':'a','max_tokens':201};max_tokens;400",
        "{'prompt':'a','max_tokens':1.5};max_tokens;400",
        "{'prompt':'a','temperature':-1};temperature;400",
        "{'prompt':'a','temperature':'hot'};temperature;400",
        "{'prompt':'a','top_p':0};top_p;400",
        "{'prompt':'a','top_k':-1};top_k;400",
        "{'prompt':'a','seed':1e30};seed;400",
        "{'prompt':'a','stop':''};stop;400",
        "{'prompt':'a','stop':['1','2','3','4','5']};stop;400",
        "{'prompt':'a','stop':[1]};stop;400",
        "{'prompt':'a','stop':{}};stop;400",
        "{'prompt':'a','logprobs':21};logprobs;400",
        "{'prompt':'a','stream':1};stream;400",
        "{'prompt':'a','n':2};n;400",
        "{'prompt':'a','echo':true};echo;400",
        "{'prompt':'a','presence_penalty':0.5};presence_penalty;400",
        "{'prompt':'a','stream_options':{'a':1}};a;400",
        "{'prompt':'a','promt':'b'};promt;400",
        "{'prompt':'a','model':'gpt'};model;404",
        "{'prompt':'a','prompt':'b'};;400",
        "{'prompt':'a'} {};;400",
        "[];;400",
        "{'prompt':;;400",
        "\"\";;400"
      })
  void aWrongRequestIsToldWhatIsWrong(String json, String param, int status) {
    Clients.Answer answer = Clients.post(server, COMPLETIONS, json);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    JsonNode error = answer.json().path("error");
    assertThat(error.path("message").textValue()).isNotEmpty();
    assertThat(error.path("param").textValue()).isEqualTo(param);
  }

  @Test
  void whatAsksForNothingUnusualIsTaken() {
    String request =
        "{'prompt':'a','n':1,'best_of':1,'echo':false,'suffix':null,'logit_bias':{},"
            + "'presence_penalty':0.0,'frequency_penalty':0,'user':'me','stop':null}";
    assertThat(Clients.post(server, COMPLETIONS, request).status()).isEqualTo(200);
  }

  @Test
  void wrongPathsMethodsAndTypesHaveTheirStatus() throws IOException {
    assertThat(Clients.get(server, "/v1/chat").status()).isEqualTo(404);
    assertThat(Clients.get(server, COMPLETIONS).status()).isEqualTo(405);
    assertThat(Clients.post(server, "/v1/models", "{}").status()).isEqualTo(405);
    assertThat(Clients.post(server, "/v1/score", "{'text':''}").status()).isEqualTo(400);
    assertThat(Clients.post(server, "/v1/next", "{'prompt':'a','top':0}").status()).isEqualTo(400);
    String form =
        "POST /v1/next HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 2\r\n\r\n{}";
    assertThat(Clients.raw(server, form)).contains(" 415 ");
    String latin =
        "POST /v1/next HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: -5\r\n\r\n{}";
    assertThat(Clients.raw(server, latin)).contains(" 400 ");
  }

  @Test
  void anOversizeBodyIsRefusedByItsLengthWithoutBeingRead() throws IOException {
    String head =
        "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    // Nothing of the body is ever sent, so whoever waited for it would wait in vain.
    assertThat(Clients.raw(server, head + "Content-Length: 9000000000\r\n\r\n")).contains(" 413 ");
    String chunk = "1400\r\n" + "x".repeat(0x1400) + "\r\n";
    assertThat(Clients.raw(server, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk))
        .contains(" 413 ");
  }

  @Test
  void onTheLoopbackInterfaceForeignNamesAreRefused() throws IOException {
    String rest = "\r\nConnection: close\r\n\r\n";
    for (String host : List.of("localhost", "localhost:80", "127.0.0.1:9", "[::1]:8080")) {
      assertThat(Clients.raw(server, "GET /healthz HTTP/1.1\r\nHost: " + host + rest))
          .contains(" 200 ");
    }
    for (String host : List.of("evil.example", "localhost.evil.example:80", "127.0.0.1.x", "")) {
      assertThat(Clients.raw(server, "GET /healthz HTTP/1.1\r\nHost: " + host + rest))
          .as(host)
          .contains(" 403 ");
    }
  }

  @Test
  void fiftyClientsAtOnceEachGetTheirOwnAnswer() {
    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.iterate(0, seed -> seed < 50, seed -> seed + 1)
            .map(
                seed ->
                    Clients.request(
                        server,
                        COMPLETIONS,
                        "{\"prompt\":\"\",\"max_tokens\":200,\"seed\":%d,\"stream\":%b,\"model\":\"%s\"}"
                            .formatted(seed, seed % 3 == 0, seed % 2 == 0 ? "words" : "bytes")))
            .map(request -> Clients.http().sendAsync(request, HttpResponse.BodyHandlers.ofString()))
            .toList();
    for (int seed = 0; seed < 50; seed++) {
      HttpResponse<String> response = answers.get(seed).join();
      Clients.Answer answer = new Clients.Answer(response.statusCode(), response.body());
      StringBuilder text = new StringBuilder();
      for (JsonNode part : seed % 3 == 0 ? answer.events() : List.of(answer.json())) {
        text.append(part.path("choices").path(0).path("text").textValue());
      }
      Served served = seed % 2 == 0 ? WORDS : BYTES;
      assertThat(text.toString()).isEqualTo(drawn(served, "", 200, seed).text());
    }
  }
}
