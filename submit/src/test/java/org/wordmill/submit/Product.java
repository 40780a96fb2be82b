package org.wordmill.submit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built product as a user has it, run as processes of their own. */
final class Product {
  private static final long LIMIT_SECONDS = 300;

  private Product() {}

  /** The shaded jar that the build has made. */
  static Path jar() {
    return Path.of(System.getProperty("wordmill.jar", "target/wordmill.jar")).toAbsolutePath();
  }

  static Path sparkHome() {
    return jar().resolveSibling("spark-home");
  }

  static Path launcher() {
    return Path.of(System.getProperty("wordmill.repository", ".."), "submit/bin/wordmill")
        .toAbsolutePath()
        .normalize();
  }

  /** How a process ended. */
  record Ended(int exitCode, String out, String err) {
    /** The lines on stderr that report an error. */
    List<String> errorLines() {
      return err.lines().filter(line -> line.startsWith("error[")).toList();
    }
  }

  /**
   * Runs the launcher script to its end, with the jar of this build.
   *
   * @param environment on top of that of this process
   */
  static Ended run(Path folder, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("WORDMILL_JAR", jar().toString());
    all.putIfAbsent("WORDMILL_DRIVER_MEMORY", "1g");
    all.putIfAbsent("WORDMILL_MASTER", "local[2]");
    all.putIfAbsent("SPARK_HOME", sparkHome().toString());
    return run(folder, all, command);
  }

  private static Ended run(Path folder, Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile(folder, "out", ".txt");
      Path err = Files.createTempFile(folder, "err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      try {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("still running: " + command + "\n" + Files.readString(err));
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the sample corpus, copied into a folder. */
  static Path sample(String name, Path folder) {
    try (InputStream in = Product.class.getResourceAsStream("/org/wordmill/sample/" + name)) {
      if (in == null) {
        throw new AssertionError("no sample " + name);
      }
      Path file = folder.resolve(name);
      Files.write(file, in.readAllBytes());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
