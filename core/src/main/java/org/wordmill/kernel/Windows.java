package org.wordmill.kernel;

import java.util.List;

/**
 * A window for each of the three axes of a box, outermost first. What has fewer axes is a box that
 * is one position thick in the others.
 */
public record Windows(Window depth, Window height, Window width) {

  /**
   * @param axes one to three, innermost last
   */
  public static Windows of(List<Window> axes) {
    if (axes.isEmpty() || axes.size() > 3) {
      throw new IllegalArgumentException("windows slide along 1 to 3 axes, not " + axes.size());
    }
    Window point = Window.of(1);
    int missing = 3 - axes.size();
    return new Windows(
        missing > 0 ? point : axes.get(0),
        missing > 1 ? point : axes.get(1 - missing),
        axes.get(2 - missing));
  }

  /** Positions that a window sees. */
  public int taps() {
    return Math.multiplyExact(Math.multiplyExact(depth.size(), height.size()), width.size());
  }

  boolean isPoint() {
    return depth.isPoint() && height.isPoint() && width.isPoint();
  }
}
