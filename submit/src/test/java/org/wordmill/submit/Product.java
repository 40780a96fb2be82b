package org.wordmill.submit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** A process of the launcher script: the driver itself, once it has found its command. */
  record Started(Process process, Path out, Path err) {
    /**
     * Waits for its end.
     *
     * @throws AssertionError when it has not ended after so many seconds; it has then, too
     */
    Ended await(long limitSeconds) {
      try {
        if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
          throw new AssertionError(
              "still running after " + limitSeconds + " s:\n" + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  /**
   * Runs the launcher script to its end, with the jar of this build.
   *
   * @param environment on top of that of this process
   */
  static Ended run(Path folder, Map<String, String> environment, String... arguments) {
    return start(folder, List.of(), environment, List.of(arguments)).await(LIMIT_SECONDS);
  }

  /**
   * Starts the launcher script with the jar of this build.
   *
   * @param enter the words in front of the script
   * @param environment on top of that of this process
   */
  static Started start(
      Path folder, List<String> enter, Map<String, String> environment, List<String> arguments) {
    return start(folder, enter, launcher(), environment, arguments);
  }

  /** Starts a launcher script, which may be a copy, as the one of this build is started. */
  static Started start(
      Path folder,
      List<String> enter,
      Path launcher,
      Map<String, String> environment,
      List<String> arguments) {
    List<String> command = new ArrayList<>(enter);
    command.add(launcher.toString());
    command.addAll(arguments);
    try {
      Path out = Files.createTempFile(folder, "out", ".txt");
      Path err = Files.createTempFile(folder, "err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> all = builder.environment();
      all.putAll(
          Map.of(
              "WORDMILL_JAR",
              jar().toString(),
              "WORDMILL_DRIVER_MEMORY",
              "1g",
              "WORDMILL_MASTER",
              "local[2]",
              "SPARK_HOME",
              sparkHome().toString()));
      all.putAll(environment);
      return new Started(builder.start(), out, err);
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
