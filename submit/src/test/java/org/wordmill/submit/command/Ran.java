package org.wordmill.submit.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.wordmill.format.json.Json;

/** A command that was run in this process, with what it printed. */
record Ran(int exitCode, String out, String err) {

  static Ran wordmill(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int code =
        Program.run(console, Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The one JSON object on stdout. */
  JsonNode json() {
    return Json.parse(out, "stdout");
  }

  /** What is on stderr but warnings and progress: the report of an error. */
  List<String> errors() {
    return err.lines().filter(line -> line.startsWith("error[")).toList();
  }
}
