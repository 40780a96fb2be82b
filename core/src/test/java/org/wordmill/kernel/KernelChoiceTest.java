package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

final class KernelChoiceTest {

  @Test
  void namesAreReadInAnyCaseAndUnknownOnesNameTheChoices() {
    assertThat(KernelChoice.parse("fused")).isEqualTo(KernelChoice.FUSED);
    assertThat(KernelChoice.parse("Reference")).isEqualTo(KernelChoice.REFERENCE);
    assertThatThrownBy(() -> KernelChoice.parse("quick"))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("quick")
        .hasMessageContaining("reference")
        .hasMessageContaining("fused");
  }

  @Test
  void autoIsFusedInSinglePrecisionAndReferenceInDouble() {
    assertThat(KernelChoice.AUTO.create(Precision.FLOAT).name()).isEqualTo("fused");
    assertThat(KernelChoice.AUTO.create(Precision.DOUBLE).name()).isEqualTo("reference");
    assertThat(KernelChoice.REFERENCE.create(Precision.FLOAT).name()).isEqualTo("reference");
    assertThatThrownBy(() -> KernelChoice.FUSED.create(Precision.DOUBLE))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("single precision");
  }

  @Test
  void whoComesWhileLibrariesAreLoadedAheadWaitsForThem() {
    KernelChoice.AUTO.loadAhead();
    assertThat(KernelChoice.AUTO.create(Precision.FLOAT).zeros(2, 3).toFloats()).containsOnly(0);
    // What cannot be had says so to who creates it, see below, and to nobody else.
    KernelChoice.BF16.loadAhead();
  }

  @Test
  void bfloat16RunsWhereTheProcessorHasItAndIsRefusedElsewhereWithTheReason() {
    String obstacle = OneDnn.bfloat16Obstacle();
    if (obstacle.isEmpty()) {
      assertThat(KernelChoice.BF16.create(Precision.FLOAT).name()).isEqualTo("bf16");
    } else {
      assertThatThrownBy(() -> KernelChoice.BF16.create(Precision.FLOAT))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("the bf16 kernels cannot run")
          .hasMessageContaining(obstacle);
    }
    assertThatThrownBy(() -> KernelChoice.BF16.create(Precision.DOUBLE))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("single precision");
  }

  @Test
  void withoutTheVectorModuleAutoFallsBackWithAWarningAndFusedIsRefused()
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(WithoutVectors.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (InputStream out = process.getInputStream()) {
      output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("auto is reference")
        .contains("WARN")
        .contains("without --add-modules=jdk.incubator.vector")
        .contains("error[2]: the fused kernels cannot run");
  }

  /** Runs in a process of its own that has no vector module. */
  static final class WithoutVectors {
    private WithoutVectors() {}

    @SuppressWarnings("SystemOut") // the test reads it
    public static void main(String[] args) {
      String name = KernelChoice.AUTO.create(Precision.FLOAT).name();
      System.out.println(String.format(Locale.ROOT, "auto is %s", name));
      try {
        KernelChoice.FUSED.create(Precision.FLOAT);
      } catch (WordmillException e) {
        System.out.println(e.line());
      }
    }
  }

  @Test
  void avx512IsWhatOpenBlasNeedsOfIt() {
    assertThat(NativeRuntime.hasAvx512("fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl"))
        .isTrue();
    assertThat(NativeRuntime.hasAvx512("fpu avx avx2 avx512f")).isFalse();
    assertThat(NativeRuntime.hasAvx512("")).isFalse();
  }
}
