package org.wordmill.submit.command;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {
  static final String STACK_TRACE = "--stacktrace";

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
      names = STACK_TRACE,
      description = "Show the Java stack trace of an error; for reports of bugs.")
  private boolean stackTrace;

  boolean json() {
    return json;
  }
}
