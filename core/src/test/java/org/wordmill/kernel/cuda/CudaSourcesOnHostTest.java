package org.wordmill.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Precision;
import org.wordmill.model.TransformerConfig;
import org.wordmill.model.TransformerLm;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;

/** The kernels' sources and everything that calls them, without a GPU. Needs g++. */
final class CudaSourcesOnHostTest extends CudaKernelsContract {
  private static final Map<Precision, HostDevice> DEVICES = new EnumMap<>(Precision.class);

  @TempDir private static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    assumeTrue(HostDevice.available(), "g++ is not installed");
    for (Precision precision : Precision.values()) {
      DEVICES.put(precision, new HostDevice(precision, folder));
    }
  }

  @Override
  HostDevice device(Precision precision) {
    return Objects.requireNonNull(DEVICES.get(precision));
  }

  @Override
  int shapes() {
    return 12;
  }

  @Override
  int steps() {
    return 8;
  }

  @Override
  int checkedElements() {
    return 8;
  }

  @Test
  void theStepAfterTheFirstAllocatesNothing() {
    HostDevice device = device(Precision.FLOAT);
    CudaKernels kernels = new CudaKernels(device);
    TransformerLm model = new TransformerConfig(11, 6, 2, 2, 8, 0.1).build();
    ParameterVector values = new ParameterVector(model.layout(), kernels);
    values.initialize(1);
    Tape tape = new Tape(kernels, values, new ParameterVector(model.layout(), kernels));
    Ids ids = new Ids(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1}, 2, 6);
    long afterFirst = 0;
    for (int step = 0; step < 3; step++) {
      tape.reset(step);
      tape.backward(model.loss(tape, ids, ids));
      afterFirst = step == 0 ? device.allocations() : afterFirst;
    }
    assertThat(afterFirst).isPositive();
    assertThat(device.allocations()).isEqualTo(afterFirst);
  }
}
