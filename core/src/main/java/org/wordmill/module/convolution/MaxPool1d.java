package org.wordmill.module.convolution;

import java.util.List;
import org.wordmill.kernel.Window;

/** Max pooling over sequences, [B, T, C] to [B, T', C]. */
public final class MaxPool1d extends MaxPool {

  /** Windows of one size, side by side: a stride of their size, and no padding. */
  public MaxPool1d(int size) {
    this(tile(size));
  }

  public MaxPool1d(Window time) {
    super(List.of(time));
  }
}
