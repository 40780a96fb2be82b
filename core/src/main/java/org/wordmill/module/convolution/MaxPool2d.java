package org.wordmill.module.convolution;

import java.util.List;
import org.wordmill.kernel.Window;

/** Max pooling over images, [B, H, W, C] to [B, H', W', C]. */
public final class MaxPool2d extends MaxPool {

  /** Windows of one size along every axis, side by side: a stride of their size, and no padding. */
  public MaxPool2d(int size) {
    this(tile(size), tile(size));
  }

  public MaxPool2d(Window height, Window width) {
    super(List.of(height, width));
  }
}
