package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.MatrixRate;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.train.EvaluationMetrics;
import org.wordmill.train.MemoryEstimate;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TrainingConfig;

class TrainingProgressTest {
  private static final TrainingConfig CONFIG =
      TrainingSettings.load("gpt-tiny", List.of("schedule.steps=100"))
          .training()
          .withVocabularySize(100);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nanos;

  private TrainingProgress progress(boolean terminal) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    TrainingProgress progress =
        new TrainingProgress(
            new Console(out, out, terminal),
            config -> "memory of this process: 8 GiB",
            () -> nanos);
    if (terminal) {
      progress.measured(new MatrixRate(1e9, 2, "fused"));
    }
    progress.started(CONFIG, 0, 1234, "broadcast");
    return progress;
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** A step that ends at a second of the run. */
  private void step(TrainingProgress progress, long step, double second) {
    nanos = (long) (second * 1e9);
    progress.step(
        new StepMetrics(step, 2.5, 1e-3, 1, step * 512, 0.1, 0.1, 5120, 0, 0, true, false, 0));
  }

  @Test
  void elsewhereThanOnATerminalThereIsALineEveryFewSeconds() {
    TrainingProgress progress = progress(false);
    step(progress, 30, 3);
    step(progress, 50, 5);
    step(progress, 60, 6);
    step(progress, 100, 10);
    assertThat(printed().lines())
        .containsExactly(
            "training 1,234 parameters for 100 steps of 512 tokens; gradients by broadcast",
            // 29,696 parameters of 4 bytes
            "memory of tensors: parameters 116.0 KiB, gradients 116.0 KiB, moments 232.0 KiB; "
                + OffHeapMemory.readable(MemoryEstimate.of(CONFIG).activations())
                + " for a micro-batch of 8 sequences",
            "memory of this process: 8 GiB",
            "step 50 of 100  loss 2.5000  5,120 tokens/s  37.9 MFLOP/s  0:05 left",
            "step 100 of 100  loss 2.5000  5,120 tokens/s  37.9 MFLOP/s  0:00 left");
  }

  @Test
  void onATerminalOneLineIsRedrawnAndOthersComeBeforeIt() {
    TrainingProgress progress = progress(true);
    step(progress, 30, 3);
    step(progress, 31, 3.1);
    step(progress, 33, 3.3);
    progress.evaluated(new EvaluationMetrics(33, 2.25, 100, 0.1, true));
    assertThat(printed())
        .endsWith(
            "\r\u001B[Kstep 30 of 100  loss 2.5000  5,120 tokens/s  4% of the machine  0:07 left"
                + "\r\u001B[Kstep 33 of 100  loss 2.5000  5,120 tokens/s  4% of the machine  0:07 left"
                + "\r\u001B[Kstep 33 of 100  validation loss 2.2500 nats per token, the best so far"
                + System.lineSeparator());
  }

  @Test
  void theFirstStepsForetellNothing() {
    TrainingProgress progress = progress(false);
    step(progress, 2, 9);
    assertThat(printed()).contains("step 2 of 100").doesNotContain("left");
  }

  @Test
  void durationsAreMinutesAndHoursWhenThereAreSome() {
    assertThat(TrainingProgress.duration(61.4)).isEqualTo("1:01");
    assertThat(TrainingProgress.duration(3 * 3600 + 5)).isEqualTo("3:00:05");
  }
}
