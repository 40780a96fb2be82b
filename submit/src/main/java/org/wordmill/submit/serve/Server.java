package org.wordmill.submit.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.WordmillException;

/**
 * An HTTP server for language models: completions, scores and next tokens of at most a few models,
 * each served in turn by a thread of its own.
 *
 * <p>Limits: see {@link Limits}; a request must arrive within {@value #REQUEST_SECONDS} s. A server
 * on the loopback interface answers only clients that call it by a name of that interface. Nothing
 * is said about other origins, so no page elsewhere may read an answer. One line a request is
 * logged, with nothing of its text.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final int REQUEST_SECONDS = 30;
  private static final int BACKLOG = 256;

  /** Threads for requests that wait for no model, and for their bodies. */
  private static final int SPARE_THREADS = 16;

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

  private final HttpServer http;
  private final ThreadPoolExecutor threads;
  private final List<ModelLine> lines;
  private final Api api;
  private final Limits limits;
  private final HostNames names;
  private final Running running = new Running();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean idle;

  /**
   * Starts a server.
   *
   * @param host as the user calls it
   * @param address where to listen; port 0 is any that is free
   * @param models the first is that of requests that name none
   * @throws IOException when it cannot listen there
   */
  public static Server start(
      String host, InetSocketAddress address, List<Served> models, Limits limits)
      throws IOException {
    limitTheJdk(limits);
    HttpServer http = HttpServer.create(address, BACKLOG);
    Server server = new Server(host, http, models, limits);
    http.start();
    return server;
  }

  /** The JDK's server takes its limits from properties, once; what the user has set stays. */
  private static void limitTheJdk(Limits limits) {
    String prefix = "sun.net.httpserver.";
    setDefault(prefix + "nodelay", "true");
    setDefault(prefix + "maxReqTime", String.valueOf(REQUEST_SECONDS));
    setDefault(
        prefix + "maxRspTime", String.valueOf(limits.time().toSeconds() + 2 * REQUEST_SECONDS));
    setDefault("jdk.httpserver.maxConnections", "4096");
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private Server(String host, HttpServer http, List<Served> models, Limits limits) {
    this.http = http;
    this.limits = limits;
    lines = models.stream().map(model -> new ModelLine(model, limits.waiting())).toList();
    api = new Api(lines, limits);
    names = new HostNames(host, http.getAddress());
    int most = lines.size() * (limits.waiting() + 1) + SPARE_THREADS;
    threads =
        new ThreadPoolExecutor(
            most,
            most,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "request");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
  }

  /** The port on which it listens. */
  public int port() {
    return http.getAddress().getPort();
  }

  /** What to type into a browser on this machine. */
  public String url() {
    InetAddress address = http.getAddress().getAddress();
    String host =
        address.isAnyLocalAddress()
            ? "127.0.0.1"
            : address instanceof Inet6Address
                ? "[" + address.getHostAddress() + "]"
                : address.getHostAddress();
    return "http://" + host + ":" + port() + "/";
  }

  /**
   * Waits until the server has stopped.
   *
   * @return whether no model is in use any more
   */
  public boolean await() throws InterruptedException {
    stopped.await();
    return idle;
  }

  /** Lets no request in any more. How many are still being answered. */
  public int refuse() {
    return running.close();
  }

  /**
   * Stops: refuses new requests, lets those that run end within a grace time, cuts off the rest.
   *
   * @return whether no model is in use any more
   */
  public boolean stop(Duration grace) {
    refuse();
    try {
      running.awaitNone(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.stop(0);
    threads.shutdownNow();
    boolean allStopped = true;
    for (ModelLine line : lines) {
      allStopped &= line.stop();
    }
    idle = allStopped;
    stopped.countDown();
    return allStopped;
  }

  /** Stops at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  /** Answers one request. */
  void handle(HttpExchange http) throws IOException {
    long begin = System.nanoTime();
    Exchange exchange = new Exchange(http, limits.maxBodyBytes());
    boolean entered = running.enter();
    try {
      answer(exchange, entered);
    } catch (IOException e) {
      exchange.note("the client has gone");
    } finally {
      log(exchange, System.nanoTime() - begin);
      http.close();
      if (entered) {
        running.leave();
      }
    }
  }

  private void answer(Exchange exchange, boolean entered) throws IOException {
    try {
      if (!entered) {
        throw HttpFault.stopping();
      }
      if (!names.allows(exchange.host())) {
        throw HttpFault.invalid(
            403, "this server is for this machine only; call it localhost or 127.0.0.1");
      }
      api.answer(exchange);
    } catch (HttpFault fault) {
      refuse(exchange, fault);
    } catch (WordmillException fault) {
      refuse(exchange, HttpFault.invalid(400, String.valueOf(fault.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("{} failed", api.known(exchange.path()), e);
      refuse(exchange, HttpFault.bug());
    }
  }

  /** Where an answer has begun already, all that is left is to cut it off. */
  private static void refuse(Exchange exchange, HttpFault fault) throws IOException {
    if (exchange.status() == 0) {
      exchange.refuse(fault);
    } else {
      exchange.note("cut off: " + fault.status());
    }
  }

  private void log(Exchange exchange, long nanos) {
    String note = exchange.note();
    LOG.info(
        "{} {} {} {} ms{}",
        METHODS.contains(exchange.method()) ? exchange.method() : "(another method)",
        api.known(exchange.path()),
        exchange.status(),
        nanos / 1_000_000,
        note.isEmpty() ? "" : ", " + note);
  }
}
