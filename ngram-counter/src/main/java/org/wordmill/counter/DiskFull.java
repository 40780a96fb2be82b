package org.wordmill.counter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The fault of storage that has no room left. What the operating system says does not tell where;
 * who was writing does: Spark its scratch space, or a file system an output.
 */
public final class DiskFull {
  private static final String[] SAYINGS = {
    "no space left", "disk quota exceeded", "space quota", "out of space"
  };

  /** The methods, by the beginnings of their names, that write what lives as long as the job. */
  private static final String[] SCRATCH = {
    "org.apache.spark.storage.",
    "org.apache.spark.shuffle.",
    "org.apache.spark.util.collection.",
    "org.apache.spark.util.Utils$.fetchFile" // an executor takes the application's jar
  };

  private DiskFull() {}

  /**
   * The fault, when that is what was thrown. Scratch space is that of this machine; the workers of
   * a cluster may have other places.
   *
   * @param output what was being written; nothing where it is not known
   */
  public static Optional<WordmillException> fault(Throwable thrown, String output) {
    boolean storage = thrown instanceof IOException || thrown instanceof FSError;
    String message = String.valueOf(thrown.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (!storage || Arrays.stream(SAYINGS).noneMatch(lower::contains)) {
      return Optional.empty();
    }
    boolean scratch = isScratch(thrown);
    String place = place(thrown, message);
    String where =
        scratch
            ? "Spark's scratch space "
                + (place.isEmpty() ? String.join(", ", Scratch.directories()) : place)
            : place.isEmpty() ? output : place;
    String remedy =
        scratch
            ? "free space there, or set spark.local.dir to a place with more"
            : "free space there, or give another output";
    return Optional.of(
        new WordmillException(ExitCode.STORAGE, "the disk is full", where, remedy, thrown));
  }

  private static boolean isScratch(Throwable thrown) {
    StackTraceElement[] stack = thrown.getStackTrace();
    boolean output =
        thrown instanceof FSError
            || Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().startsWith("org.apache.hadoop.fs."));
    return !output
        && Arrays.stream(stack)
            .map(frame -> frame.getClassName() + "." + frame.getMethodName())
            .anyMatch(method -> Arrays.stream(SCRATCH).anyMatch(method::startsWith));
  }

  private static String place(Throwable thrown, String message) {
    if (thrown instanceof FileSystemException named && named.getFile() != null) {
      return named.getFile();
    }
    int reason = message.lastIndexOf(" (");
    return thrown instanceof FileNotFoundException && reason > 0
        ? message.substring(0, reason)
        : "";
  }
}
