package org.wordmill.counter;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The file systems behind paths. Hadoop knows the names of more of them than it has classes for:
 * those of clouds are in libraries of their own, and without them this says which one is missing.
 */
public final class FileSystems {
  /** The library that has the class, by the scheme of a path. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "s3a", "hadoop-aws",
          "abfs", "hadoop-azure",
          "abfss", "hadoop-azure",
          "wasb", "hadoop-azure",
          "wasbs", "hadoop-azure",
          "adl", "hadoop-azure-datalake",
          "oss", "hadoop-aliyun");

  private FileSystems() {}

  /**
   * The file system of a path.
   *
   * @throws WordmillException STORAGE when its class is not on the class path
   */
  public static FileSystem of(Path path, Configuration configuration) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (RuntimeException e) {
      Optional<WordmillException> missing = missing(e, path.toString());
      throw missing.isPresent() ? missing.get() : e;
    }
  }

  /**
   * The file system of a path; the local one without checksum files beside the user's.
   *
   * @throws WordmillException STORAGE when its class is not on the class path
   */
  public static FileSystem plain(Path path, Configuration configuration) throws IOException {
    FileSystem files = of(path, configuration);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /**
   * The fault of a file system whose class is missing, when that is what was thrown.
   *
   * @param where the path, or nothing where it is not known
   */
  public static Optional<WordmillException> missing(Throwable thrown, String where) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 8; depth++, cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof ClassNotFoundException && message.contains("FileSystem")) {
        return Optional.of(fault(message, where, thrown));
      }
    }
    return Optional.empty();
  }

  private static WordmillException fault(String message, String where, Throwable cause) {
    int colon = where.indexOf(':');
    String library = colon < 0 ? null : LIBRARIES.get(where.substring(0, colon));
    return new WordmillException(
        ExitCode.STORAGE,
        "the file system is not on the class path: " + message,
        where,
        "give its library to Spark: --packages "
            + (library == null
                ? "GROUP:ARTIFACT:VERSION"
                : "org.apache.hadoop:" + library + ":" + VersionInfo.getVersion()),
        cause);
  }
}
