package org.wordmill.submit.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.wordmill.format.json.Json;

/** A headless Chromium with one page, told what to do by the DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final long SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> messages;
  private int calls;

  private Chromium(Process process, WebSocket socket, BlockingQueue<JsonNode> messages) {
    this.process = process;
    this.socket = socket;
    this.messages = messages;
  }

  /** The browser of this machine, where there is one. */
  static Optional<Path> find() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Opens a page. */
  static Chromium open(Path browser, Path profile, String url) throws Exception {
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--window-size=960,880",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                url)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String devTools = devTools(process);
      HttpClient http = HttpClient.newHttpClient();
      BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(page(http, devTools, url)), new Messages(messages))
              .get(SECONDS, TimeUnit.SECONDS);
      return new Chromium(process, socket, messages);
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Chromium says on stderr where its tools listen. */
  private static String devTools(Process process) throws IOException {
    BufferedReader err = process.errorReader();
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      int at = line.indexOf("ws://");
      if (at >= 0) {
        // Nobody reads on, so that a full pipe would stop the browser.
        Thread drain = new Thread(() -> skip(err), "chromium stderr");
        drain.setDaemon(true);
        drain.start();
        return URI.create(line.substring(at)).getAuthority();
      }
    }
    throw new IOException("chromium ended with " + process.onExit().join().exitValue());
  }

  private static void skip(BufferedReader err) {
    try {
      err.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // The browser has been ended, and its pipe with it.
      return;
    }
  }

  /** The socket of the page with a URL, once it is there. */
  private static String page(HttpClient http, String devTools, String url) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end) {
      String list =
          http.send(
                  java.net.http.HttpRequest.newBuilder(
                          URI.create("http://" + devTools + "/json/list"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      for (JsonNode target : Json.parse(list, "the targets")) {
        if (target.path("url").textValue().startsWith(url)) {
          return target.path("webSocketDebuggerUrl").textValue();
        }
      }
      Thread.sleep(50);
    }
    throw new IOException("chromium has no page " + url);
  }

  private record Messages(BlockingQueue<JsonNode> messages, StringBuilder part)
      implements WebSocket.Listener {
    Messages(BlockingQueue<JsonNode> messages) {
      this(messages, new StringBuilder());
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        messages.add(Json.parse(part.toString(), "a message"));
        part.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, text, last);
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    int id = ++calls;
    socket
        .sendText(Json.write(Map.of("id", id, "method", method, "params", parameters)), true)
        .get(SECONDS, TimeUnit.SECONDS);
    while (true) {
      JsonNode message = messages.poll(SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new IOException("chromium does not answer " + method);
      }
      if (message.path("id").intValue() == id) {
        return message.path("result");
      }
    }
  }

  /** Types into what has the focus. */
  void type(String text) throws Exception {
    call("Input.insertText", Map.of("text", text));
  }

  /** The value of an expression. */
  JsonNode evaluate(String expression) throws Exception {
    return call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
        .path("result")
        .path("value");
  }

  /** Waits until an expression is true. */
  void await(String expression) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!evaluate(expression).asBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "never true: " + expression + " in " + evaluate("document.body.innerText"));
      }
      Thread.sleep(20);
    }
  }

  /** Clicks an element. */
  void click(String selector) throws Exception {
    evaluate("document.querySelector(" + Json.write(selector) + ").click()");
  }

  /** The texts of all elements of a selector. */
  List<String> texts(String selector) throws Exception {
    JsonNode texts =
        evaluate(
            "[...document.querySelectorAll(" + Json.write(selector) + ")].map(e => e.textContent)");
    return Stream.iterate(0, i -> i < texts.size(), i -> i + 1)
        .map(i -> texts.path(i).textValue())
        .toList();
  }

  /** The page as PNG. */
  byte[] screenshot() throws Exception {
    return Base64.getDecoder()
        .decode(call("Page.captureScreenshot", Map.of("format", "png")).path("data").textValue());
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
