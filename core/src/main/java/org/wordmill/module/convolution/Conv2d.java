package org.wordmill.module.convolution;

import java.util.List;
import org.wordmill.kernel.Window;

/**
 * Convolution over images, [B, H, W, I] to [B, H', W', O]. Weights are [O, height, width, I] of the
 * window.
 */
public final class Conv2d extends Convolution {

  /** With weights {@code name.weight} and a bias {@code name.bias}. */
  public Conv2d(String name, int inputs, int outputs, Window height, Window width) {
    this(name, inputs, outputs, height, width, true);
  }

  public Conv2d(String name, int inputs, int outputs, Window height, Window width, boolean biased) {
    super(name, inputs, outputs, biased, List.of(height, width));
  }
}
