package org.wordmill.kernel;

/**
 * A way to kernels that not every build and not every machine has. Providers are found by {@link
 * java.util.ServiceLoader}.
 */
public interface KernelProvider {

  /** The choice that means these kernels. */
  KernelChoice choice();

  /**
   * Why these kernels cannot run here; empty if they can. Called before every {@link #create}, on
   * machines without the hardware too.
   */
  String obstacle(Precision precision);

  /** Kernels for the calling thread, after {@link #obstacle} found none. */
  Kernels create(Precision precision);
}
