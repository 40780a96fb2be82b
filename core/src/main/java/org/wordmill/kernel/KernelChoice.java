package org.wordmill.kernel;

import java.util.Arrays;
import java.util.Locale;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Which implementation of {@link Kernels} computes. */
public enum KernelChoice {
  /** The fastest that this process can run. */
  AUTO,
  /** Formulas over ND4J's operations: any backend, both precisions. */
  REFERENCE;

  /**
   * @param name in any case, as in configuration files
   * @throws WordmillException USAGE for an unknown name
   */
  public static KernelChoice parse(String name) {
    for (KernelChoice choice : values()) {
      if (choice.name().equalsIgnoreCase(name)) {
        return choice;
      }
    }
    throw new WordmillException(
        ExitCode.USAGE,
        "unknown kernels '" + name + "'",
        "",
        "choose one of " + Arrays.toString(values()).toLowerCase(Locale.ROOT));
  }

  /** Kernels for the calling thread. */
  public Kernels create(Precision precision) {
    return new ReferenceKernels(precision);
  }
}
