package org.wordmill.submit.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/** One request and its answer: reads a JSON body within limits, writes JSON or a stream of it. */
final class Exchange {
  private static final String JSON = "application/json";

  private final HttpExchange http;
  private final int maxBodyBytes;
  private int status;
  private String note = "";

  Exchange(HttpExchange http, int maxBodyBytes) {
    this.http = http;
    this.maxBodyBytes = maxBodyBytes;
  }

  String method() {
    return http.getRequestMethod();
  }

  String path() {
    return http.getRequestURI().getPath();
  }

  /** The status that was answered, or 0 when none was yet. */
  int status() {
    return status;
  }

  /** What the log says of this request, besides its status. */
  String note() {
    return note;
  }

  void note(String text) {
    note = text;
  }

  /** The name that the client knows the server by, empty when it says none. */
  String host() {
    String host = http.getRequestHeaders().getFirst("Host");
    return host == null ? "" : host;
  }

  /**
   * The body, if it is JSON. One that is too large is refused by its length, unread.
   *
   * @throws HttpFault when it is not
   */
  Fields body() throws IOException {
    Headers headers = http.getRequestHeaders();
    String type = headers.getFirst("Content-Type");
    if (type == null || !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON)) {
      throw HttpFault.invalid(415, "the body must be JSON: send 'Content-Type: " + JSON + "'");
    }
    if (length(headers) > maxBodyBytes) {
      throw tooLarge();
    }
    byte[] bytes = http.getRequestBody().readNBytes(maxBodyBytes + 1);
    if (bytes.length > maxBodyBytes) {
      throw tooLarge();
    }
    return new Fields(parse(bytes));
  }

  /**
   * The length that the client announces, 0 if none; of bodies in chunks nobody has read it yet.
   */
  private static long length(Headers headers) {
    String length = headers.getFirst("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw HttpFault.invalid(400, "the Content-Length is no number");
    }
  }

  private HttpFault tooLarge() {
    http.getResponseHeaders().set("Connection", "close");
    return HttpFault.invalid(413, "the body is larger than " + maxBodyBytes + " bytes");
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Json.parse(text, "the body");
    } catch (CharacterCodingException e) {
      throw HttpFault.invalid(400, "the body is not UTF-8");
    } catch (WordmillException e) {
      throw HttpFault.invalid(400, String.valueOf(e.getMessage()));
    }
  }

  void answer(Map<String, ?> object) throws IOException {
    send(200, JSON, Json.write(object));
  }

  void refuse(HttpFault fault) throws IOException {
    if (fault.status() == 429 || fault.status() == 503) {
      http.getResponseHeaders().set("Retry-After", "1");
    }
    send(fault.status(), JSON, fault.json());
  }

  void header(String name, String value) {
    http.getResponseHeaders().set(name, value);
  }

  void send(int code, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    begin(code, type.equals(JSON) ? JSON : type + "; charset=utf-8");
    boolean isHead = method().equals("HEAD");
    http.sendResponseHeaders(code, isHead ? -1 : bytes.length);
    if (!isHead) {
      try (OutputStream out = http.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  private void begin(int code, String type) {
    status = code;
    header("Content-Type", type);
    header("X-Content-Type-Options", "nosniff");
    header("Cache-Control", "no-store");
  }

  /** Begins a stream of server-sent events. */
  void beginEvents() throws IOException {
    begin(200, "text/event-stream; charset=utf-8");
    http.sendResponseHeaders(200, 0);
  }

  /** Sends one event at once. */
  void event(String data) throws IOException {
    OutputStream out = http.getResponseBody();
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
