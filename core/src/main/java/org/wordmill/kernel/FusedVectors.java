package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums and updates of flat vectors, and of rows of a matrix. */
final class FusedVectors {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private final Lanes lanes;
  private final double[] doubles = new double[DOUBLES.length()];

  FusedVectors(Lanes lanes) {
    this.lanes = lanes;
  }

  /** y = x, or y += x, over ranges of both. */
  void copy(ByteBuffer x, int xStart, ByteBuffer y, int yStart, int size, boolean accumulate) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector v = Lanes.load(x, xStart + i);
      Lanes.store(accumulate ? v.add(Lanes.load(y, yStart + i)) : v, y, yStart + i);
    }
    int rest = size - whole;
    if (rest > 0) {
      FloatVector v = lanes.load(x, xStart + whole, rest, 0);
      v = accumulate ? v.add(lanes.load(y, yStart + whole, rest, 0)) : v;
      lanes.store(v, y, yStart + whole, rest);
    }
  }

  /** z = x + y, over ranges. */
  void add(ByteBuffer x, int xStart, ByteBuffer y, int yStart, ByteBuffer z, int zStart, int size) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector v = Lanes.load(x, xStart + i).add(Lanes.load(y, yStart + i));
      Lanes.store(v, z, zStart + i);
    }
    int rest = size - whole;
    if (rest > 0) {
      FloatVector v = lanes.load(x, xStart + whole, rest, 0);
      lanes.store(v.add(lanes.load(y, yStart + whole, rest, 0)), z, zStart + whole, rest);
    }
  }

  /** Every row of y is x. */
  void repeat(ByteBuffer x, ByteBuffer y, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      copy(x, 0, y, row * columns, columns, false);
    }
  }

  /** sum += the sum of the rows of x, in their order. */
  void addRows(ByteBuffer x, ByteBuffer sum, int rows, int columns) {
    int whole = Lanes.whole(columns);
    int rest = columns - whole;
    int row = 0;
    // Four rows at a time, so that the sum is loaded and stored a quarter as often.
    for (; row + 4 <= rows; row += 4) {
      int a = row * columns;
      int b = a + columns;
      int c = b + columns;
      int d = c + columns;
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        FloatVector left = Lanes.load(x, a + i).add(Lanes.load(x, b + i));
        FloatVector right = Lanes.load(x, c + i).add(Lanes.load(x, d + i));
        Lanes.store(Lanes.load(sum, i).add(left.add(right)), sum, i);
      }
      for (int i = whole; i < columns; i++) {
        float left = x.getFloat((a + i) << 2) + x.getFloat((b + i) << 2);
        float right = x.getFloat((c + i) << 2) + x.getFloat((d + i) << 2);
        sum.putFloat(i << 2, sum.getFloat(i << 2) + (left + right));
      }
    }
    for (; row < rows; row++) {
      copy(x, row * columns, sum, 0, whole + rest, true);
    }
  }

  void scale(ByteBuffer x, int size, float factor) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      Lanes.store(Lanes.load(x, i).mul(factor), x, i);
    }
    for (int i = whole; i < size; i++) {
      x.putFloat(i << 2, x.getFloat(i << 2) * factor);
    }
  }

  void addScaled(ByteBuffer x, ByteBuffer y, int size, float factor) {
    int whole = Lanes.whole(size);
    FloatVector f = Lanes.all(factor);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      Lanes.store(Lanes.load(x, i).fma(f, Lanes.load(y, i)), y, i);
    }
    for (int i = whole; i < size; i++) {
      y.putFloat(i << 2, Math.fma(x.getFloat(i << 2), factor, y.getFloat(i << 2)));
    }
  }

  double sumOfSquares(ByteBuffer x, int size) {
    int whole = Lanes.whole(size);
    DoubleVector even = DoubleVector.zero(DOUBLES);
    DoubleVector odd = DoubleVector.zero(DOUBLES);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector v = Lanes.load(x, i);
      DoubleVector low = (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector high = (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 1);
      even = low.fma(low, even);
      odd = high.fma(high, odd);
    }
    // Lane by lane, for the reason that Lanes.sum gives.
    even.add(odd).intoArray(doubles, 0);
    double sum = 0;
    for (double lane : doubles) {
      sum += lane;
    }
    for (int i = whole; i < size; i++) {
      double v = x.getFloat(i << 2);
      sum += v * v;
    }
    return sum;
  }
}
