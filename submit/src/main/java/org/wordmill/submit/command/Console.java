package org.wordmill.submit.command;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.format.json.Json;

/**
 * Where the program writes: results on {@code out}, one JSON object or text for people; everything
 * else on {@code err}.
 *
 * @param terminal whether a person watches {@code err}, so that a status line may be redrawn
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {
  /** Set by the launcher, which can ask whether stderr is a terminal; Java 17 cannot. */
  private static final String TERMINAL_PROPERTY = "wordmill.terminal";

  /** The streams of the process. */
  public static Console ofProcess() {
    return new Console(System.out, System.err, Boolean.getBoolean(TERMINAL_PROPERTY));
  }

  /**
   * Prints a result, either as one line of JSON or as text, and writes it where it was asked for.
   */
  void result(CommonOptions options, Map<String, ?> values, Supplier<String> text) {
    options.report().ifPresent(file -> report(file, 0, values));
    if (options.json()) {
      out.println(Json.write(values));
    } else {
      String lines = text.get();
      out.print(lines);
      if (!lines.endsWith("\n")) {
        out.println();
      }
    }
    out.flush();
  }

  /** Writes a report: the exit code, and what else there is to tell. */
  static void report(String file, int exitCode, Map<String, ?> values) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("exit_code", exitCode);
    report.putAll(values);
    RunFile.at(file, new Configuration()).write(Json.write(report) + "\n");
  }

  /** Notes how fast {@code tokens} were, for example, generated. */
  void speed(String done, long tokens, long nanoseconds) {
    double seconds = Math.max(nanoseconds, 1) / 1e9;
    note(
        String.format(
            Locale.ROOT,
            "%s %d tokens in %.2f s (%.0f tokens/s)",
            done,
            tokens,
            seconds,
            tokens / seconds));
  }

  /** Says something that is not a result. */
  void note(String line) {
    err.println(line);
    err.flush();
  }
}
