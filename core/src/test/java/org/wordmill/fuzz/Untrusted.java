package org.wordmill.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * What may happen when bytes are read that anybody may have written: they are read, or refused by a
 * fault that tells the user of it. Whatever else comes out is a bug.
 */
public final class Untrusted {
  private Untrusted() {}

  /** Reads something. */
  @FunctionalInterface
  public interface Reading {
    void run() throws IOException;
  }

  /**
   * @param faults the exit codes that a refusal may have
   * @throws AssertionError when the bytes, which are in memory, are refused in another way
   */
  public static void read(Set<ExitCode> faults, Reading reading) {
    try {
      reading.run();
    } catch (WordmillException e) {
      if (!faults.contains(e.exitCode())) {
        throw new AssertionError("refused as " + e.exitCode(), e);
      }
      if (e.line().indexOf('\n') >= 0) {
        throw new AssertionError("more than one line: " + e.line());
      }
    } catch (IOException e) {
      throw new AssertionError("no fault that tells the file", e);
    }
  }

  public static ByteArrayInputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
