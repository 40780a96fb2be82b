package org.wordmill.module.convolution;

import java.util.List;
import org.wordmill.kernel.Window;

/**
 * Convolution over sequences, [B, T, I] to [B, T', O]: what a window over k tokens says, at every
 * place. Weights are [O, k, I]. With {@link Window#same} T' is T; with {@link Window#causal} too,
 * and no output sees a later position.
 */
public final class Conv1d extends Convolution {

  /** With weights {@code name.weight} and a bias {@code name.bias}. */
  public Conv1d(String name, int inputs, int outputs, Window time) {
    this(name, inputs, outputs, time, true);
  }

  public Conv1d(String name, int inputs, int outputs, Window time, boolean biased) {
    super(name, inputs, outputs, biased, List.of(time));
  }
}
