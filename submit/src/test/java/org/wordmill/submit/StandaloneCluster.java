package org.wordmill.submit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Spark standalone cluster of separate processes on the loopback interface: one master, two
 * workers of one core each. Closing it ends the processes that it has started, by their handles.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final List<Process> processes = new ArrayList<>();
  private final Path folder;
  private final List<String> settings;
  private final int port;
  private final int webPort;

  private StandaloneCluster(Path folder, List<String> settings) throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.port = freePort();
    this.webPort = freePort();
  }

  /** Starts the processes and waits for both workers to be registered. */
  static StandaloneCluster start(Path folder) throws IOException, InterruptedException {
    return start(folder, List.of());
  }

  /**
   * As {@link #start(Path)}.
   *
   * @param settings of Spark for all processes, as {@code key=value}
   */
  static StandaloneCluster start(Path folder, List<String> settings)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(folder, settings);
    try {
      cluster.startProcesses();
      cluster.awaitWorkers(2);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  String master() {
    return "spark://" + HOST + ":" + port;
  }

  private void startProcesses() throws IOException {
    launch(
        "master",
        settings,
        "org.apache.spark.deploy.master.Master",
        "--host",
        HOST,
        "--port",
        String.valueOf(port),
        "--webui-port",
        String.valueOf(webPort));
    startWorker("worker1", settings);
    startWorker("worker2", settings);
  }

  private void startWorker(String name, List<String> workersSettings) throws IOException {
    launch(
        name,
        workersSettings,
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        HOST,
        "--webui-port",
        "0",
        "--cores",
        "1",
        "--memory",
        "1g",
        "--work-dir",
        folder.resolve(name).toString(),
        master());
  }

  /**
   * Starts a worker with other settings, and waits until it says something.
   *
   * @return its log
   */
  String strangersLog(List<String> itsSettings, String something)
      throws IOException, InterruptedException {
    startWorker("stranger", itsSettings);
    Path log = folder.resolve("stranger.log");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      String said = Files.readString(log);
      if (said.contains(something)) {
        return said;
      }
      Thread.sleep(200);
    }
    throw new AssertionError(Files.readString(log));
  }

  /** What the master has written so far. */
  String mastersLog() throws IOException {
    return Files.readString(folder.resolve("master.log"));
  }

  private void launch(String name, List<String> itsSettings, String mainClass, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Dspark.master.rest.enabled=false");
    itsSettings.forEach(setting -> command.add("-D" + setting));
    command.addAll(
        Arrays.stream(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptionArray())
            .toList());
    command.add("-cp");
    command.add(Product.sparkHome().resolve("jars") + "/*");
    command.add(mainClass);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().put("SPARK_HOME", Product.sparkHome().toString());
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    processes.add(builder.start());
  }

  private void awaitWorkers(int count) throws IOException, InterruptedException {
    HttpRequest state =
        HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + webPort + "/json/")).build();
    HttpClient client = HttpClient.newHttpClient();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      for (Process process : processes) {
        if (!process.isAlive()) {
          throw new IllegalStateException("a process of the cluster has ended: " + logs());
        }
      }
      try {
        String answer = client.send(state, HttpResponse.BodyHandlers.ofString()).body();
        if (answer.replaceAll("\\s", "").split("\"state\":\"ALIVE\"", -1).length > count) {
          return;
        }
      } catch (IOException notYet) {
        // The web server of the master is not there yet.
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("no " + count + " workers after " + LIMIT + ": " + logs());
  }

  private String logs() throws IOException {
    StringBuilder logs = new StringBuilder();
    for (String name : List.of("master", "worker1", "worker2")) {
      Path log = folder.resolve(name + ".log");
      if (Files.exists(log)) {
        logs.append(name).append(":\n").append(Files.readString(log)).append('\n');
      }
    }
    return logs.toString();
  }

  /** Kills an executor, as the kernel does when memory is short: it cannot say good-bye. */
  void killAnExecutor() {
    ProcessHandle executor =
        processes.stream()
            .flatMap(Process::descendants)
            .filter(
                process ->
                    process
                        .info()
                        .commandLine()
                        .orElse("")
                        .contains("CoarseGrainedExecutorBackend"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no executor is running"));
    if (!executor.destroyForcibly()) {
      throw new AssertionError("the executor does not die");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  /** Ends the workers with their executors, then the master. */
  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
