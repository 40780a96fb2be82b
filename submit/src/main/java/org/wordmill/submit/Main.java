package org.wordmill.submit;

import org.wordmill.submit.command.Console;
import org.wordmill.submit.command.Program;

/**
 * The main class for {@code spark-submit --class org.wordmill.submit.Main wordmill.jar COMMAND}.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int code = Program.run(Console.ofProcess(), args);
    if (code != 0) {
      System.exit(code);
    }
  }
}
