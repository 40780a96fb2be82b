package org.wordmill.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.ServiceLoader;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.KernelProvider;
import org.wordmill.kernel.Precision;

/** The way to the kernels for GPUs on machines and in builds that have none. */
final class CudaAvailabilityTest {
  private static final KernelProvider PROVIDER = new CudaKernelProvider();

  @Test
  void theServiceLoaderFindsTheProvider() {
    assertThat(ServiceLoader.load(KernelProvider.class))
        .anyMatch(provider -> provider.choice() == KernelChoice.CUDA);
    assertThat(KernelChoice.parse("cuda")).isEqualTo(KernelChoice.CUDA);
  }

  @Test
  void withoutAGpuTheChoiceIsRefusedWithTheReasonAndAutoFallsBack() {
    String obstacle = PROVIDER.obstacle(Precision.FLOAT);
    assumeFalse(obstacle.isEmpty(), "this machine has a GPU and this build its presets");
    assertThatThrownBy(() -> KernelChoice.CUDA.create(Precision.FLOAT))
        .isInstanceOfSatisfying(
            WordmillException.class,
            fault -> assertThat(fault.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(obstacle)
        .hasMessageContaining("choose the kernels auto or reference");
    assertThat(KernelChoice.AUTO.create(Precision.FLOAT).name()).isNotEqualTo("cuda");
  }

  /**
   * The presets are newer than ND4J's JavaCPP, which loads them. Resolving every signature and
   * every superclass fails if it lacks something they are made of; nothing is initialized, which
   * would load native libraries.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.bytedeco.cuda.global.cudart",
        "org.bytedeco.cuda.global.cublas",
        "org.bytedeco.cuda.global.nvrtc",
        "org.bytedeco.cuda.presets.cudart",
        "org.bytedeco.cuda.presets.cublas",
        "org.bytedeco.cuda.presets.nvrtc",
        "org.bytedeco.cuda.cudart.CUctx_st",
        "org.bytedeco.cuda.cudart.CUmod_st",
        "org.bytedeco.cuda.cudart.CUfunc_st",
        "org.bytedeco.cuda.cublas.cublasContext",
        "org.bytedeco.cuda.nvrtc._nvrtcProgram"
      })
  void nd4jsJavaCppLoadsTheClassesOfThePresets(String name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name, false, Pointer.class.getClassLoader());
    assertThat(type.getName()).isEqualTo(name);
    assertThat(type.getAnnotations()).isNotNull();
    for (Method method : type.getDeclaredMethods()) {
      assertThat(method.getParameterTypes()).doesNotContainNull();
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      assertThat(Arrays.asList(constructor.getParameterTypes())).doesNotContainNull();
    }
  }
}
