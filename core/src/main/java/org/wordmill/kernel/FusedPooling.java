package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Max pooling, the channels of a position at once: the outputs hold the largest values so far while
 * one tap after the other comes by.
 */
final class FusedPooling {

  void forward(Tensor x, Windows windows, Tensor y, Tensor winners) {
    Sliding sliding = Sliding.over(x, windows);
    int channels = x.columns();
    for (int output = 0; output < y.rows(); output++) {
      int to = output * channels;
      boolean first = true;
      for (int tap = 0; tap < windows.taps(); tap++) {
        int position = sliding.position(output, tap);
        if (position != Sliding.PADDING) {
          int from = position * channels;
          if (first) {
            begin(x.bytes(), from, y.bytes(), winners.bytes(), to, channels, tap);
          } else {
            compare(x.bytes(), from, y.bytes(), winners.bytes(), to, channels, tap);
          }
          first = false;
        }
      }
    }
  }

  /** The first tap wins for now. */
  private static void begin(
      ByteBuffer x, int from, ByteBuffer y, ByteBuffer winners, int to, int channels, int tap) {
    int whole = Lanes.whole(channels);
    FloatVector number = Lanes.all(tap);
    for (int c = 0; c < whole; c += Lanes.WIDTH) {
      Lanes.store(Lanes.load(x, from + c), y, to + c);
      Lanes.store(number, winners, to + c);
    }
    for (int c = whole; c < channels; c++) {
      y.putFloat((to + c) << 2, x.getFloat((from + c) << 2));
      winners.putFloat((to + c) << 2, tap);
    }
  }

  /** A tap wins where it is larger, or NaN. */
  private static void compare(
      ByteBuffer x, int from, ByteBuffer y, ByteBuffer winners, int to, int channels, int tap) {
    int whole = Lanes.whole(channels);
    FloatVector number = Lanes.all(tap);
    for (int c = 0; c < whole; c += Lanes.WIDTH) {
      FloatVector value = Lanes.load(x, from + c);
      FloatVector largest = Lanes.load(y, to + c);
      VectorMask<Float> wins =
          value.compare(VectorOperators.GT, largest).or(value.compare(VectorOperators.NE, value));
      Lanes.store(largest.blend(value, wins), y, to + c);
      Lanes.store(Lanes.load(winners, to + c).blend(number, wins), winners, to + c);
    }
    for (int c = whole; c < channels; c++) {
      float value = x.getFloat((from + c) << 2);
      if (value > y.getFloat((to + c) << 2) || Float.isNaN(value)) {
        y.putFloat((to + c) << 2, value);
        winners.putFloat((to + c) << 2, tap);
      }
    }
  }

  void backward(Tensor dy, Windows windows, Tensor winners, Tensor dx, boolean accumulate) {
    Sliding sliding = Sliding.over(dx, windows);
    ByteBuffer gradient = dx.bytes();
    if (!accumulate) {
      Lanes.clear(gradient, 0, Math.toIntExact(dx.size()));
    }
    int channels = dx.columns();
    for (int output = 0; output < dy.rows(); output++) {
      for (int c = 0; c < channels; c++) {
        int e = output * channels + c;
        int tap = (int) winners.bytes().getFloat(e << 2);
        int at = (sliding.position(output, tap) * channels + c) << 2;
        gradient.putFloat(at, gradient.getFloat(at) + dy.bytes().getFloat(e << 2));
      }
    }
  }
}
