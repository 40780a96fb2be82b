package org.wordmill.module.convolution;

import java.util.Arrays;
import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.kernel.Windows;
import org.wordmill.tape.Call;

/**
 * The windows of a layer, one for each axis of its inputs [B, axes.., C], and the same inputs as
 * the kernels see them, which know boxes only: axes that are missing are one position long.
 */
record Axes(List<Window> windows) {
  private static final List<String> NAMES = List.of("D", "H", "W");

  Axes {
    windows = List.copyOf(windows);
  }

  int count() {
    return windows.size();
  }

  Windows box() {
    return Windows.of(windows);
  }

  /**
   * Checks the input of a call.
   *
   * @param channels that it must have; 0 for any
   */
  void check(Call call, int channels) {
    Tensor x = call.input(0);
    if (x.rank() != count() + 2 || (channels > 0 && x.columns() != channels)) {
      List<String> names = count() == 1 ? List.of("T") : NAMES.subList(3 - count(), 3);
      throw new IllegalArgumentException(
          "%s is not [B, %s, %s]"
              .formatted(x, String.join(", ", names), channels > 0 ? channels : "C"));
    }
    if (call.continues()) {
      throw new IllegalArgumentException(
          "a layer of windows needs the whole sequence, and this call continues one");
    }
  }

  /** The shape of the output for an input {@code x}. */
  int[] outputs(Tensor x, int channels) {
    int[] shape = x.shape();
    for (int axis = 0; axis < count(); axis++) {
      shape[axis + 1] = windows.get(axis).outputs(shape[axis + 1]);
    }
    shape[shape.length - 1] = channels;
    return shape;
  }

  /** The same elements as [B, D, H, W, C]. */
  static Tensor box(Tensor x) {
    int[] shape = x.shape();
    int[] box = new int[5];
    Arrays.fill(box, 1);
    box[0] = shape[0];
    System.arraycopy(shape, 1, box, box.length + 1 - shape.length, shape.length - 1);
    return x.reshape(box);
  }
}
