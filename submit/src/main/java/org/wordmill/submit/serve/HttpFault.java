package org.wordmill.submit.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wordmill.format.json.Json;

/** Why a request has no answer: a status and a JSON object in the form of OpenAI's errors. */
final class HttpFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String INVALID = "invalid_request_error";

  private final int status;
  private final String type;
  private final @Nullable String param;

  /**
   * @param type what kind of fault, in snake_case
   * @param param the field of the request that is wrong, if one is
   */
  HttpFault(int status, String type, String message, @Nullable String param) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
  }

  /** A request that is wrong as a whole. */
  static HttpFault invalid(int status, String message) {
    return new HttpFault(status, INVALID, message, null);
  }

  /** A field that is wrong. */
  static HttpFault field(String name, String message) {
    return new HttpFault(400, INVALID, message, name);
  }

  /** The line in front of a model is full. */
  static HttpFault busy() {
    return new HttpFault(429, "overloaded", "too many requests are waiting; try again later", null);
  }

  static HttpFault late() {
    return new HttpFault(
        503, "timeout", "the request took longer than the server's limit; ask for less", null);
  }

  static HttpFault stopping() {
    return new HttpFault(503, "unavailable", "the server is stopping", null);
  }

  static HttpFault bug() {
    return new HttpFault(500, "server_error", "the server failed; its log says why", null);
  }

  int status() {
    return status;
  }

  /** {@code {"error":{...}}} */
  String json() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", getMessage());
    error.put("type", type);
    error.put("param", param);
    error.put("code", status);
    return Json.write(Map.of("error", error));
  }
}
