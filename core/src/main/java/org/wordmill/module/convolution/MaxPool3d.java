package org.wordmill.module.convolution;

import java.util.List;
import org.wordmill.kernel.Window;

/** Max pooling over volumes, [B, D, H, W, C] to [B, D', H', W', C]. */
public final class MaxPool3d extends MaxPool {

  /** Windows of one size along every axis, side by side: a stride of their size, and no padding. */
  public MaxPool3d(int size) {
    this(tile(size), tile(size), tile(size));
  }

  public MaxPool3d(Window depth, Window height, Window width) {
    super(List.of(depth, height, width));
  }
}
