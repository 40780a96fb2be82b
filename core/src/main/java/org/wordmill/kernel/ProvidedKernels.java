package org.wordmill.kernel;

import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** The kernels of {@link KernelProvider}s. */
final class ProvidedKernels {
  private ProvidedKernels() {}

  /**
   * The kernels that {@code choice} means, or with {@link KernelChoice#AUTO} any that can run here.
   *
   * @throws WordmillException USAGE if particular ones were asked for that cannot run here
   */
  static Optional<Kernels> create(KernelChoice choice, Precision precision) {
    // Not the thread's class loader: where Spark loads classes, it may not know this jar.
    ServiceLoader<KernelProvider> providers =
        ServiceLoader.load(KernelProvider.class, ProvidedKernels.class.getClassLoader());
    for (KernelProvider provider : providers) {
      if (provider.choice() != choice && choice != KernelChoice.AUTO) {
        continue;
      }
      String obstacle = provider.obstacle(precision);
      if (obstacle.isEmpty()) {
        return Optional.of(provider.create(precision));
      }
      if (choice != KernelChoice.AUTO) {
        throw new WordmillException(
            ExitCode.USAGE,
            "the kernels " + choice.name().toLowerCase(Locale.ROOT) + " cannot run: " + obstacle,
            "",
            "choose the kernels auto or reference");
      }
    }
    return Optional.empty();
  }
}
