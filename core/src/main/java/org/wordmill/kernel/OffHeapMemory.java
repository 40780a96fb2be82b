package org.wordmill.kernel;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The memory of this process, in bytes, as far as tensors on the host are concerned. JavaCPP lets
 * nothing more be allocated when the process is larger than {@code
 * -Dorg.bytedeco.javacpp.maxphysicalbytes}, which unless somebody sets it follows from the size of
 * Java's heap; and no process grows larger than the machine or its container.
 */
public final class OffHeapMemory {
  private static final String LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

  private OffHeapMemory() {}

  /** What is resident now, Java's heap too. */
  public static long used() {
    return Pointer.physicalBytes();
  }

  /** The largest that this process may become. */
  public static long limit() {
    long machine = Long.MAX_VALUE;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      machine = system.getTotalMemorySize();
    }
    long allowed = Pointer.maxPhysicalBytes();
    return allowed > 0 ? Math.min(allowed, machine) : machine;
  }

  /** How large this process is, how large it may become, and what says so. */
  public static String explained() {
    long allowed = Pointer.maxPhysicalBytes();
    boolean byJavaCpp = allowed > 0 && allowed <= limit();
    return String.format(
        Locale.ROOT,
        "%s now, at most %s, by %s",
        readable(used()),
        readable(limit()),
        byJavaCpp
            ? "-D" + LIMIT + ", which is twice Java's heap unless it is set"
            : "the memory of the machine or container");
  }

  /**
   * Checks that tensors of {@code bytes} will fit, before they are made. Of kernels that compute on
   * a device nothing is asked.
   *
   * @param purpose what they are for, to begin the message with
   * @throws WordmillException USAGE when they will not
   */
  public static void require(long bytes, String purpose, Kernels kernels) {
    long room = limit() - used();
    if (bytes > room && kernels.reaches(Tensor.zeros(kernels.precision(), 1))) {
      throw new WordmillException(
          ExitCode.USAGE,
          String.format(
              Locale.ROOT,
              "%s takes %s outside of Java's heap, and there is room for %s",
              purpose,
              readable(bytes),
              readable(Math.max(0, room))),
          "",
          "take smaller micro-batches, set recompute = blocks, give the process more memory, or"
              + " raise -D"
              + LIMIT);
    }
  }

  /** In the unit that leaves one to three digits before the point. */
  public static String readable(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double amount = bytes;
    int unit = 0;
    while (amount >= 1000 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
  }
}
