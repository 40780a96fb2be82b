package org.wordmill.error;

import org.jspecify.annotations.Nullable;

/**
 * A fault that the user can act on: what was found, where, and what to do about it. The command
 * line prints it as one line, {@code error[3]: what, where, what to do}, and exits with its code.
 */
public final class WordmillException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /**
   * @param what what was found and what was expected
   * @param where file and line, byte offset, step, or option; may be empty when {@code what} says
   *     it
   * @param remedy what to do, in the imperative; may be empty
   */
  public WordmillException(ExitCode exitCode, String what, String where, String remedy) {
    this(exitCode, what, where, remedy, null);
  }

  public WordmillException(
      ExitCode exitCode, String what, String where, String remedy, @Nullable Throwable cause) {
    super(join(what, where, remedy), cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** The one line for stderr, without line breaks. */
  public String line() {
    return "error[" + exitCode.code() + "]: " + getMessage();
  }

  private static String join(String what, String where, String remedy) {
    StringBuilder line = new StringBuilder(what);
    if (!where.isEmpty()) {
      line.append(", ").append(where);
    }
    if (!remedy.isEmpty()) {
      line.append(", ").append(remedy);
    }
    return line.toString().replace('\r', ' ').replace('\n', ' ');
  }
}
