package org.wordmill.submit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Spark standalone cluster of separate processes: one master, two workers of one core each, on
 * the loopback interface or on hosts of their own. Closing it ends the processes that it has
 * started, by their handles.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /**
   * Where processes run.
   *
   * @param address at which the others find them
   * @param enter the words in front of a command that runs there
   */
  record Host(String address, List<String> enter) {
    /** This machine, as only it sees itself. */
    static final Host LOOPBACK = new Host("127.0.0.1", List.of());
  }

  private final List<Process> processes = new ArrayList<>();
  private final Path folder;
  private final List<String> settings;
  private final Host mastersHost;
  private final int port;

  private StandaloneCluster(Path folder, List<String> settings, Host mastersHost)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.mastersHost = mastersHost;
    this.port = freePort();
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
    return start(folder, settings, Host.LOOPBACK, List.of(Host.LOOPBACK, Host.LOOPBACK));
  }

  /**
   * As {@link #start(Path, List)}.
   *
   * @param workers the hosts of worker 1, worker 2 and so on
   */
  static StandaloneCluster start(
      Path folder, List<String> settings, Host mastersHost, List<Host> workers)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(folder, settings, mastersHost);
    try {
      cluster.launchMaster();
      for (int i = 0; i < workers.size(); i++) {
        cluster.launchWorker("worker" + (i + 1), settings, workers.get(i));
      }
      cluster.awaitWorkers(workers.size());
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  String master() {
    return "spark://" + mastersHost.address() + ":" + port;
  }

  /** The options of a driver on the master's host, up to the command. */
  List<String> options() {
    return List.of(
        "--master",
        master(),
        "--executor-memory",
        "1g",
        "--conf",
        "spark.driver.host=" + mastersHost.address(),
        "--conf",
        "spark.driver.bindAddress=" + mastersHost.address());
  }

  private void launchMaster() throws IOException {
    launch(
        "master",
        settings,
        mastersHost,
        "org.apache.spark.deploy.master.Master",
        "--host",
        mastersHost.address(),
        "--port",
        String.valueOf(port),
        "--webui-port",
        "0");
  }

  private void launchWorker(String name, List<String> itsSettings, Host host) throws IOException {
    launch(
        name,
        itsSettings,
        host,
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        host.address(),
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
    launchWorker("stranger", itsSettings, Host.LOOPBACK);
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

  private void launch(
      String name, List<String> itsSettings, Host host, String mainClass, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(host.enter());
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
    builder.environment().put("SPARK_LOCAL_IP", host.address());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    processes.add(builder.start());
  }

  private void awaitWorkers(int count) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      for (Process process : processes) {
        if (!process.isAlive()) {
          throw new IllegalStateException("a process of the cluster has ended: " + logs());
        }
      }
      if (mastersLog().split("Registering worker", -1).length > count) {
        return;
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

  /** The executors that run now, the oldest first. */
  List<ProcessHandle> executors() {
    return processes.stream()
        .flatMap(Process::descendants)
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .sorted(Comparator.comparingLong(ProcessHandle::pid))
        .toList();
  }

  /** Kills an executor, as the kernel does when memory is short: it cannot say good-bye. */
  void killAnExecutor() {
    List<ProcessHandle> running = executors();
    if (running.isEmpty()) {
      throw new AssertionError("no executor is running");
    }
    if (!running.get(0).destroyForcibly()) {
      throw new AssertionError("the executor does not die");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
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
