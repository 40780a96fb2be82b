package org.wordmill.kernel.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.wordmill.kernel.Precision;

/**
 * The kernels on a real GPU: everything that is checked on the host, with more shapes, and a
 * training. Runs where there is one and the build carries the presets: {@code mvn -Pgpu -pl core
 * test -Dtest=CudaOnGpuTest}.
 */
final class CudaOnGpuTest extends CudaKernelsContract {

  @BeforeAll
  static void requireGpu() {
    String obstacle = new CudaKernelProvider().obstacle(Precision.DOUBLE);
    assumeTrue(obstacle.isEmpty(), obstacle);
  }

  @Override
  Device device(Precision precision) {
    return CudaDevice.of(precision);
  }

  @Override
  int shapes() {
    return 100;
  }

  @Override
  int steps() {
    return 30;
  }

  @Override
  int checkedElements() {
    return 150;
  }
}
