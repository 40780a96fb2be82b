package org.wordmill.module.recurrent;

import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * The order in which a recurrent layer takes positions, and the way between [B, T, C] as everybody
 * sees it and [T, B, C] in that order, where all that one step needs lies side by side.
 */
final class TimeOrder {
  private final int batch;
  private final int time;

  /** Which row of [B T, C] each row of [T B, C] is, and the other way round. */
  private final Ids source;

  private final Ids target;

  TimeOrder(int batch, int time, boolean backwards) {
    this.batch = batch;
    this.time = time;
    int[] positions = new int[batch * time];
    int[] steps = new int[batch * time];
    for (int step = 0; step < time; step++) {
      int t = backwards ? time - 1 - step : step;
      for (int b = 0; b < batch; b++) {
        positions[step * batch + b] = b * time + t;
        steps[b * time + t] = step * batch + b;
      }
    }
    this.source = new Ids(positions, time, batch);
    this.target = new Ids(steps, batch, time);
  }

  int batch() {
    return batch;
  }

  int time() {
    return time;
  }

  /** x [B, T, C] to y [T, B, C]. */
  void toSteps(Kernels kernels, Tensor x, Tensor y) {
    kernels.embeddingForward(x, source, y);
  }

  /** y [T, B, C] to x [B, T, C], or added to it. */
  void toPositions(Kernels kernels, Tensor y, Tensor x, boolean accumulate) {
    if (accumulate) {
      kernels.embeddingBackward(source, y, x);
    } else {
      kernels.embeddingForward(y, target, x);
    }
  }
}
