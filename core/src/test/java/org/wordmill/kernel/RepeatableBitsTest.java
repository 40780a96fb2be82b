package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The same input gives the same bits, before and after Java has compiled the kernels: else no
 * training would repeat another, because compilation happens at another moment in each run.
 */
final class RepeatableBitsTest {

  @Test
  void interpretedAndCompiledKernelsAgreeInEveryBit() throws IOException, InterruptedException {
    String interpreted = fingerprint("-Xint", "1");
    String compiled = fingerprint("-Xbatch", "1000");
    assertThat(interpreted).startsWith("fingerprint").isEqualTo(compiled);
  }

  private static String fingerprint(String option, String repetitions)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", option, "--add-modules=jdk.incubator.vector", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Run.class.getName(), repetitions));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output;
    try (InputStream out = process.getInputStream()) {
      output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().filter(l -> l.startsWith("fingerprint")).findFirst().orElse(output);
  }

  /** Runs every kernel a number of times on the same input, and tells the bits of the last time. */
  static final class Run {
    private static final int ROWS = 24;
    private static final int WIDTH = 44;
    private static final int HEADS = 4;

    private final Kernels kernels = KernelChoice.FUSED.create(Precision.FLOAT);
    private final SplittableRandom random = new SplittableRandom(5);

    @SuppressWarnings("SystemOut") // the test reads it
    public static void main(String[] args) {
      int last = 0;
      for (int i = 0; i < Integer.parseInt(args[0]); i++) {
        last = new Run().bits();
      }
      System.out.println(String.format(Locale.ROOT, "fingerprint %08x", last));
    }

    private int bits() {
      Tensor x = normal(ROWS, WIDTH);
      Tensor dy = normal(ROWS, WIDTH);
      Tensor gain = normal(WIDTH);
      Tensor y = Tensor.zeros(Precision.FLOAT, ROWS, WIDTH);
      Tensor dx = Tensor.zeros(Precision.FLOAT, ROWS, WIDTH);
      int bits = 0;
      for (Activation f : Activation.values()) {
        kernels.activationForward(f, x, y);
        kernels.activationBackward(f, x, y, dy, dx, true);
        bits = 31 * bits + hash(y, dx);
      }
      Tensor mean = Tensor.zeros(Precision.FLOAT, ROWS);
      Tensor rstd = Tensor.zeros(Precision.FLOAT, ROWS);
      kernels.layerNormForward(x, gain, gain, 1e-5, y, mean, rstd);
      kernels.layerNormBackward(x, gain, mean, rstd, dy, dx, true, gain, mean(WIDTH));
      bits = 31 * bits + hash(y, dx, gain);
      kernels.softmaxForward(x, y);
      kernels.softmaxBackward(y, dy, dx, true);
      bits = 31 * bits + hash(y, dx);
      Ids targets = new Ids(random.ints(ROWS, 0, WIDTH).toArray(), 1, ROWS);
      Tensor loss = Tensor.zeros(Precision.FLOAT, 1);
      kernels.softmaxCrossEntropyForward(x, targets, y, loss);
      kernels.softmaxCrossEntropyBackward(y, targets, loss, dx, true);
      bits = 31 * bits + hash(loss, dx);
      bits = 31 * bits + Double.hashCode(kernels.sumOfSquares(dx));
      return 31 * bits + attention();
    }

    private int attention() {
      Tensor qkv = normal(1, ROWS, 3 * WIDTH);
      Tensor heard = Tensor.zeros(Precision.FLOAT, 1, ROWS, WIDTH);
      Tensor weights = Tensor.zeros(Precision.FLOAT, 1, HEADS, ROWS, ROWS);
      Tensor dQkv = Tensor.zeros(Precision.FLOAT, 1, ROWS, 3 * WIDTH);
      kernels.causalAttentionForward(qkv, HEADS, 0.1, 7, heard, weights);
      kernels.causalAttentionBackward(qkv, HEADS, 0.1, 7, weights, heard, dQkv, false);
      kernels.adamW(qkv, dQkv, dQkv, normalSquares(qkv), 1, 1e-3, 0.9, 0.99, 1e-8, 0.1, 3);
      return hash(heard, dQkv, qkv);
    }

    private static Tensor mean(int size) {
      return Tensor.zeros(Precision.FLOAT, size);
    }

    private Tensor normalSquares(Tensor like) {
      Tensor squares = normal(like.shape());
      kernels.activationForward(Activation.SIGMOID, squares, squares);
      return squares;
    }

    private Tensor normal(int... shape) {
      float[] values = new float[Math.toIntExact(Tensor.size(shape))];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Tensor.of(values, shape);
    }

    private static int hash(Tensor... tensors) {
      int hash = 1;
      for (Tensor tensor : tensors) {
        hash = 31 * hash + Arrays.hashCode(tensor.toFloats());
      }
      return hash;
    }
  }
}
