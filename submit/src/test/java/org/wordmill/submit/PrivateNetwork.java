package org.wordmill.submit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hosts on a network of their own inside this machine: network namespaces, joined by a bridge in
 * that of host 0. Closing it ends what runs on them, and removes them. For Linux, and who may make
 * namespaces.
 */
final class PrivateNetwork implements AutoCloseable {
  private static final String PREFIX = "wordmill-" + ProcessHandle.current().pid() + "-";
  private static final String NET = "10.77.7.";

  private final List<StandaloneCluster.Host> hosts = new ArrayList<>();

  private PrivateNetwork() {}

  static PrivateNetwork of(int count) throws IOException, InterruptedException {
    PrivateNetwork network = new PrivateNetwork();
    try {
      for (int i = 0; i < count; i++) {
        network.add(i);
      }
      return network;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private void add(int i) throws IOException, InterruptedException {
    require("netns", "add", name(i));
    hosts.add(
        new StandaloneCluster.Host(NET + (i + 1), List.of(program(), "netns", "exec", name(i))));
    require("-n", name(i), "link", "set", "lo", "up");
    String device = i == 0 ? "bridge" : "eth0";
    if (i == 0) {
      require("-n", name(0), "link", "add", device, "type", "bridge");
    } else {
      require(
          "link", "add", port(i), "netns", name(0), "type", "veth", "peer", "name", device, "netns",
          name(i));
      require("-n", name(0), "link", "set", port(i), "master", "bridge");
      require("-n", name(0), "link", "set", port(i), "up");
    }
    require("-n", name(i), "addr", "add", NET + (i + 1) + "/24", "dev", device);
    require("-n", name(i), "link", "set", device, "up");
  }

  private static String name(int i) {
    return PREFIX + i;
  }

  /** The bridge's end of a host's cable. */
  private static String port(int i) {
    return "port" + i;
  }

  StandaloneCluster.Host host(int i) {
    return hosts.get(i);
  }

  /** Pulls the cable of a host, which nobody is told of. */
  void cutOff(int i) throws IOException, InterruptedException {
    require("-n", name(0), "link", "set", port(i), "down");
  }

  /** Why there can be no such network here, if so. */
  static Optional<String> obstacle() throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of(program()))) {
      return Optional.of("there is no program ip (iproute2)");
    }
    String probe = PREFIX + "probe";
    Ran made = ip("netns", "add", probe);
    Ran entered = made.code() == 0 ? ip("netns", "exec", probe, program(), "link") : made;
    ip("netns", "del", probe);
    return entered.code() == 0
        ? Optional.empty()
        : Optional.of("network namespaces are not permitted: " + entered.said());
  }

  private static String program() {
    return Stream.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse("/usr/sbin/ip");
  }

  private record Ran(int code, String said) {}

  private static Ran ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " does not end");
    }
    return new Ran(process.exitValue(), said.strip());
  }

  private static String require(String... arguments) throws IOException, InterruptedException {
    Ran ran = ip(arguments);
    if (ran.code() != 0) {
      throw new IOException("ip " + String.join(" ", arguments) + ": " + ran.said());
    }
    return ran.said();
  }

  /** Ends the processes on the hosts, such as executors whose worker is gone, and the network. */
  @Override
  public void close() throws IOException, InterruptedException {
    for (int i = hosts.size() - 1; i >= 0; i--) {
      for (String process : ip("netns", "pids", name(i)).said().split("\\s+", -1)) {
        if (process.matches("\\d+")) {
          ProcessHandle.of(Long.parseLong(process)).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
      ip("netns", "del", name(i));
    }
  }
}
