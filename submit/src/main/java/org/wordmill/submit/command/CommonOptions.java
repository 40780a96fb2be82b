package org.wordmill.submit.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {
  static final String STACK_TRACE = "--stacktrace";
  static final String REPORT = "--report";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  private boolean help;

  @Option(
      names = "--json",
      description = "Print the result as one JSON object on stdout, keys in snake_case.")
  private boolean json;

  @Option(
      names = REPORT,
      paramLabel = "FILE",
      description =
          "Write the result as one JSON object to FILE too, on any file system that Hadoop knows; an"
              + " error as well, with its exit code. For drivers on a cluster, whose stdout is far.")
  private @Nullable String report;

  @Option(
      names = STACK_TRACE,
      description = "Show the Java stack trace of an error; for reports of bugs.")
  private boolean stackTrace;

  boolean json() {
    return json;
  }

  /** Where the result is to be written as well. */
  Optional<String> report() {
    return Optional.ofNullable(report);
  }
}
