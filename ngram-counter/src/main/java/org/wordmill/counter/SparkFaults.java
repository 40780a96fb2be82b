package org.wordmill.counter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Finds the fault that a user can act on inside what Spark throws: a task's exception reaches the
 * driver wrapped in the failure of its stage and its job.
 */
public final class SparkFaults {
  private SparkFaults() {}

  /** Something that runs Spark jobs. */
  public interface Job<T> {
    T run() throws IOException;
  }

  /**
   * Runs jobs, and throws the fault behind any failure.
   *
   * @param output what they write, for messages
   * @throws WordmillException for faults that the user can act on
   */
  public static <T> T unwrapping(String output, Job<T> job) {
    try {
      return job.run();
    } catch (IOException | RuntimeException | FSError e) {
      throw unwrap(e, output);
    } catch (Exception e) {
      // Scala methods throw checked exceptions that Java does not see declared.
      throw unwrap(e, output);
    }
  }

  /**
   * The {@link WordmillException} among the causes; else one for the storage fault among them; else
   * the exception itself, wrapped when it is checked.
   *
   * @param output what was being written, for messages
   */
  public static RuntimeException unwrap(Throwable failure, String output) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(failure);
    WordmillException storage = null;
    while (!open.isEmpty()) {
      Throwable at = open.remove();
      if (!seen.add(at)) {
        continue;
      }
      if (at instanceof WordmillException fault) {
        return fault;
      }
      if (storage == null) {
        storage = DiskFull.fault(at, output).orElse(storageFault(at));
      }
      if (storage == null) {
        storage = FileSystems.missing(at, "").orElse(null);
      }
      if (at.getCause() != null) {
        open.add(at.getCause());
      }
      Collections.addAll(open, at.getSuppressed());
    }
    if (storage != null) {
      return storage;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }

  private static @Nullable WordmillException storageFault(Throwable at) {
    String message = String.valueOf(at.getMessage());
    if (at instanceof org.apache.hadoop.fs.FileAlreadyExistsException
        || at instanceof org.apache.hadoop.mapred.FileAlreadyExistsException
        || at instanceof java.nio.file.FileAlreadyExistsException) {
      return storage("the output exists: " + message, "choose another or overwrite it", at);
    }
    if (at instanceof AccessControlException
        || at instanceof java.nio.file.AccessDeniedException
        || at instanceof FileNotFoundException && message.contains("Permission denied")) {
      return storage("not permitted: " + message, "change the permissions", at);
    }
    if (at instanceof FileNotFoundException || at instanceof java.nio.file.NoSuchFileException) {
      return storage("no such file: " + message, "check that every machine sees it", at);
    }
    if (at instanceof FileSystemException) {
      return storage("storage failed: " + message, "check the storage", at);
    }
    return null;
  }

  private static WordmillException storage(String what, String remedy, Throwable cause) {
    return new WordmillException(ExitCode.STORAGE, what, "", remedy, cause);
  }
}
