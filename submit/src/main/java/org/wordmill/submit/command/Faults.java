package org.wordmill.submit.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.DiskFull;
import org.wordmill.counter.FileSystems;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.submit.config.NearestName;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, as the user's fault with one line and an exit code where it is one. */
final class Faults {
  private Faults() {}

  /**
   * The fault of the user behind an exception: Spark wraps what a task has thrown, sometimes twice.
   * Empty when it is a bug of ours.
   */
  static Optional<WordmillException> find(Throwable thrown) {
    return find(thrown, "");
  }

  /**
   * As {@link #find(Throwable)}, for a command that was writing something.
   *
   * @param output what, for messages
   */
  static Optional<WordmillException> find(Throwable thrown, String output) {
    for (Throwable cause : chain(thrown)) {
      if (cause instanceof WordmillException fault) {
        return Optional.of(fault);
      }
    }
    for (Throwable cause : chain(thrown)) {
      Optional<WordmillException> fault =
          DiskFull.fault(cause, output)
              .or(() -> storage(cause))
              .or(() -> FileSystems.missing(cause, ""));
      if (fault.isPresent()) {
        return fault;
      }
    }
    for (Throwable cause : chain(thrown)) {
      if (isEnd(String.valueOf(cause.getMessage()))) {
        return storage(
            "Spark has ended the application",
            String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
            "check that the master is there and what it says; its answer stands above",
            cause);
      }
      if (isLoss(String.valueOf(cause.getMessage()))) {
        return storage(
            "executors were lost faster than their work could be done again",
            String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
            "see why in their logs; more partitions make shorter tasks, and Spark's external shuffle"
                + " service keeps what lost executors have written",
            cause);
      }
      if (cause instanceof OutOfMemoryError) {
        return Optional.of(memory(cause));
      }
      if (cause instanceof IOException && cause.getCause() == null) {
        return storage(
            "storage failed",
            String.valueOf(cause.getMessage()),
            "check that the place exists, is permitted and has room",
            cause);
      }
    }
    return Optional.empty();
  }

  /** Spark has no exception of its own for this. */
  private static boolean isEnd(String message) {
    return message.contains("stopped SparkContext")
        || message.contains("SparkContext was shut down");
  }

  /** Nor for this, when it gives up a job. */
  private static boolean isLoss(String message) {
    return message.contains("has failed the maximum allowable number of times")
        || message.contains("ExecutorLostFailure");
  }

  private static Set<Throwable> chain(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Throwable> ordered = new LinkedHashSet<>();
    for (@Nullable Throwable cause = thrown;
        cause != null && seen.add(cause);
        cause = cause.getCause()) {
      ordered.add(cause);
    }
    return ordered;
  }

  private static Optional<WordmillException> storage(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String type = cause.getClass().getSimpleName();
    if (cause instanceof FileNotFoundException && message.contains("(Permission denied)")
        || cause instanceof AccessDeniedException
        || type.equals("AccessControlException")) {
      return storage("permission denied", message, "check the owner of the path", cause);
    } else if (cause instanceof FileNotFoundException && message.contains("(Read-only")) {
      return storage("this place is read-only", message, "name another", cause);
    } else if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
      return storage("no such file", message, "check the path", cause);
    } else if (cause instanceof FileAlreadyExistsException
        || type.equals("FileAlreadyExistsException")) {
      return storage(
          "the output is there already", message, "remove it, or give --overwrite", cause);
    }
    return Optional.empty();
  }

  private static Optional<WordmillException> storage(
      String what, String where, String remedy, Throwable cause) {
    return Optional.of(new WordmillException(ExitCode.STORAGE, what, where, remedy, cause));
  }

  private static WordmillException memory(Throwable cause) {
    return new WordmillException(
        ExitCode.USAGE,
        "out of memory: " + cause.getMessage(),
        "",
        "give more: WORDMILL_DRIVER_MEMORY=8g on one machine, --driver-memory and"
            + " --executor-memory with spark-submit",
        cause);
  }

  /** A wrong command line as a fault, with the option or command that was probably meant. */
  static WordmillException usage(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String where = command.getCommandSpec().qualifiedName();
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      List<String> arguments = unmatched.getUnmatched();
      String first = arguments.get(0);
      boolean isOption = first.startsWith("-");
      String name = first.replaceFirst("=.*", "");
      Collection<String> names =
          isOption
              ? command.getCommandSpec().optionsMap().keySet()
              : command.getSubcommands().keySet();
      String what =
          isOption
              ? "there is no option " + name
              : names.isEmpty()
                  ? "nothing was expected where '" + first + "' stands"
                  : "there is no command '" + first + "'";
      String remedy =
          NearestName.of(name, names)
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("see " + where + " --help");
      return new WordmillException(ExitCode.USAGE, what, where, remedy, wrong);
    }
    String what = String.valueOf(wrong.getMessage());
    return new WordmillException(
        ExitCode.USAGE,
        what.isEmpty() ? what : Character.toLowerCase(what.charAt(0)) + what.substring(1),
        where,
        "see " + where + " --help",
        wrong);
  }
}
