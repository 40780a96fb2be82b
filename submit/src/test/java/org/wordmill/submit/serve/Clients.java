package org.wordmill.submit.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.wordmill.format.json.Json;
import org.wordmill.lm.UniformModel;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNey;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.NgramCounter;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Characters;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WhitespaceWords;

/** Small models, servers of them, and what a client does. */
final class Clients {
  static final String TEXT =
      """
      the mill turns and the miller sings
      the miller grinds the corn of the village
      the corn of the village is gold
      a mouse sings in the mill and the corn is gone
      """;
  static final Limits LIMITS = new Limits(64, Duration.ofSeconds(30), 200, 4096);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Clients() {}

  /** An answer of a server. */
  record Answer(int status, String body) {
    JsonNode json() {
      return Json.parse(body, "the answer");
    }

    /** The objects of server-sent events, without the end. */
    List<JsonNode> events() {
      List<JsonNode> events = new ArrayList<>();
      for (String event : body.split("\n\n")) {
        String data = event.substring("data: ".length());
        if (!data.equals("[DONE]")) {
          events.add(Json.parse(data, "an event"));
        }
      }
      return events;
    }
  }

  /** A trigram model of four sentences. */
  static Served words() {
    try {
      BackoffModel model =
          KneserNey.estimate(
                  new NgramCounter(3, TextPolicy.DEFAULT)
                      .read(new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8)), "text")
                      .counts(),
                  KneserNeyOptions.ofOrder(3).withFallbackDiscounts(Discounts.FALLBACK))
              .toModel();
      return new Served(
          "words",
          "/models/words.arpa",
          "ngram",
          model,
          new WhitespaceWords(model.vocabulary()),
          true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same text letter by letter: each depends on the one before it. */
  static Served letters() {
    Characters characters = Characters.fromText(TEXT);
    return new Served(
        "letters",
        "/models/letters",
        "bigram",
        new LetterModel(characters, TEXT),
        characters,
        false);
  }

  /** Bytes by chance, which are seldom UTF-8. */
  static Served bytes() {
    // The printable characters of the byte alphabet: Latin-1's own, the others from U+0100 on.
    List<String> alphabet =
        IntStream.concat(
                IntStream.range(0, 256).filter(b -> b > 32 && b < 127 || b > 160 && b != 173),
                IntStream.range(256, 324))
            .mapToObj(Character::toString)
            .toList();
    Vocabulary vocabulary = new Vocabulary(alphabet);
    return new Served(
        "bytes",
        "/models/bytes",
        "uniform",
        new UniformModel(vocabulary),
        new ByteLevelBpe(vocabulary, List.of(), List.of()),
        false);
  }

  static Server serve(Limits limits, Served... models) {
    try {
      return Server.start(
          "127.0.0.1",
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          List.of(models),
          limits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HttpRequest request(Server server, String path, String json) {
    return HttpRequest.newBuilder(URI.create(server.url()).resolve(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  static HttpClient http() {
    return HTTP;
  }

  static Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Posts JSON written with single quotes. */
  static Answer post(Server server, String path, String json) {
    return send(request(server, path, json.replace('\'', '"')));
  }

  static Answer get(Server server, String path) {
    return send(HttpRequest.newBuilder(URI.create(server.url()).resolve(path)).build());
  }

  /** The first line of the answer to bytes as they are. */
  static String raw(Server server, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      StringBuilder line = new StringBuilder();
      for (int b = socket.getInputStream().read();
          b >= 0 && b != '\r';
          b = socket.getInputStream().read()) {
        line.append((char) b);
      }
      return line.toString();
    }
  }
}
