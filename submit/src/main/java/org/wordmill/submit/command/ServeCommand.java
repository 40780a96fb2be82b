package org.wordmill.submit.command;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.submit.serve.Limits;
import org.wordmill.submit.serve.Served;
import org.wordmill.submit.serve.Server;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Models behind HTTP. */
@Command(
    name = "serve",
    header = "Any model over HTTP: completions, scores, next words.",
    description = {
      "Answers OpenAI-style POST /v1/completions (with logprobs and streaming), POST /v1/score with"
          + " the figures of score, and POST /v1/next with the likeliest next tokens. Ctrl-C stops"
          + " it: requests that run may end within ten seconds. submit/docs/serve.md has the API."
    },
    footer = {
      "",
      "Examples:",
      "  wordmill serve --model model.arpa",
      "  wordmill serve --model model.arpa --model runs/shakespeare --port 0"
    })
final class ServeCommand implements Callable<Integer> {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int MOST_MODELS = 2;
  private static final int MOST_WAITING = 1024;
  private static final int MOST_SECONDS = 3600;

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "PATH",
      description =
          ModelOption.HELP + " May be given twice, to compare; the first answers by default.")
  private List<String> models = List.of();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Where to listen. There is no password: other than loopback is for networks that you"
              + " trust. Default: ${DEFAULT-VALUE}.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Where to listen; 0 picks a free port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "1024",
      description = "The most tokens that a request may draw. Default: ${DEFAULT-VALUE}.")
  private int maxTokens;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "What a request may take, waiting for its turn included. Default: ${DEFAULT-VALUE}.")
  private int timeout;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "How many requests may wait for a model; more are told to come again."
              + " Default: ${DEFAULT-VALUE}.")
  private int queue;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    require("--port", port, 0, 65535);
    require("--max-tokens", maxTokens, 1, 1 << 20);
    require("--timeout", timeout, 1, MOST_SECONDS);
    require("--queue", queue, 1, MOST_WAITING);
    requireDifferent();
    InetSocketAddress address = address();
    List<OpenModel> opened = new ArrayList<>();
    boolean idle = true;
    try {
      for (String path : models) {
        opened.add(Models.open(path, console));
      }
      idle = serve(address, opened);
    } finally {
      if (idle) {
        opened.forEach(OpenModel::close);
      }
    }
    return 0;
  }

  private static void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new WordmillException(
          ExitCode.USAGE, option + " is " + value, "", "choose " + least + " to " + most);
    }
  }

  private void requireDifferent() {
    if (models.size() > MOST_MODELS || Set.copyOf(models).size() < models.size()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "--model is given for " + String.join(", ", models),
          "",
          "give one model, or two different ones");
    }
  }

  private InetSocketAddress address() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no host '" + host + "'",
          "--host",
          "give an address of this machine, such as 127.0.0.1",
          e);
    }
  }

  /** Serves until the process is told to stop. Whether no model is in use any more. */
  private boolean serve(InetSocketAddress address, List<OpenModel> opened) {
    Server server = start(address, opened);
    Thread hook = new Thread(() -> stop(server), "stop the server");
    Runtime.getRuntime().addShutdownHook(hook);
    announce(server, opened);
    try {
      return server.await();
    } catch (InterruptedException e) {
      return stop(server);
    } finally {
      forget(hook);
    }
  }

  private boolean stop(Server server) {
    int left = server.refuse();
    if (left > 0) {
      console.note("stopping: " + left + " requests may end within " + GRACE.toSeconds() + " s");
    }
    return server.stop(GRACE);
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The virtual machine is ending: the hook is what has stopped the server.
      return;
    }
  }

  private Server start(InetSocketAddress address, List<OpenModel> opened) {
    Limits limits = new Limits(queue, Duration.ofSeconds(timeout), maxTokens, Limits.BODY_BYTES);
    try {
      return Server.start(host, address, served(opened), limits);
    } catch (BindException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "cannot listen: " + e.getMessage(),
          host + ":" + port,
          "choose another --port, or --port 0 for a free one, and a --host of this machine",
          e);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "cannot listen: " + e.getMessage(), host + ":" + port, "", e);
    }
  }

  /** Models by the last part of their paths, or by their paths where these are alike. */
  private static List<Served> served(List<OpenModel> opened) {
    long names = opened.stream().map(model -> name(model.path())).distinct().count();
    boolean unique = names == opened.size();
    return opened.stream()
        .map(
            model ->
                new Served(
                    unique ? name(model.path()) : model.path(),
                    model.path(),
                    model.kind(),
                    model.model(),
                    model.tokenizer(),
                    model.ofSentences()))
        .toList();
  }

  private static String name(String path) {
    String name = new Path(path).getName();
    return name.isEmpty() ? path : name;
  }

  private void announce(Server server, List<OpenModel> opened) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("url", server.url());
    result.put("port", server.port());
    result.put("models", served(opened).stream().map(Served::name).toList());
    console.result(
        common,
        result,
        () ->
            "serving "
                + String.join(" and ", opened.stream().map(OpenModel::path).toList())
                + " at "
                + server.url());
  }
}
