package org.wordmill.module.convolution;

import java.util.List;
import org.wordmill.kernel.Window;

/**
 * Convolution over volumes or films, [B, D, H, W, I] to [B, D', H', W', O]. Weights are [O, depth,
 * height, width, I] of the window.
 */
public final class Conv3d extends Convolution {

  /** With weights {@code name.weight} and a bias {@code name.bias}. */
  public Conv3d(String name, int inputs, int outputs, Window depth, Window height, Window width) {
    this(name, inputs, outputs, depth, height, width, true);
  }

  public Conv3d(
      String name,
      int inputs,
      int outputs,
      Window depth,
      Window height,
      Window width,
      boolean biased) {
    super(name, inputs, outputs, biased, List.of(depth, height, width));
  }
}
