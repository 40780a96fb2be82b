package org.wordmill.kernel;

import java.util.HashMap;
import java.util.Map;

/**
 * Tables of numbers that follow from a formula and are not learned, where kernels compute: made on
 * first use, made anew and larger when a longer sequence comes, and kept. One thread at a time.
 *
 * <p>Angles grow with the position t and shrink with the column: t / {@value #BASE}^(2i / columns)
 * for pair i. They are computed in double precision, because the sine of a large angle loses as
 * many digits as the angle has before the point.
 */
public final class FixedTables {
  private static final double BASE = 10000;
  private static final int FEWEST_ROWS = 64;

  private final Kernels kernels;
  private final Map<Integer, Tensor> sinusoids = new HashMap<>();
  private final Map<Integer, Tensor> rotations = new HashMap<>();

  /**
   * @param kernels that will read the tables
   */
  public FixedTables(Kernels kernels) {
    this.kernels = kernels;
  }

  /** At least {@code rows} rows [.., columns] of sin and cos of the angle of each pair in turn. */
  public Tensor sinusoids(int rows, int columns) {
    return grown(
        sinusoids, rows, columns, (t, i) -> i % 2 == 0 ? sin(t, i, columns) : cos(t, i, columns));
  }

  /** At least {@code rows} rows [.., columns]: the cosines of all pairs, and then the sines. */
  public Tensor rotations(int rows, int columns) {
    int half = columns / 2;
    return grown(
        rotations,
        rows,
        columns,
        (t, i) -> i < half ? cos(t, 2 * i, columns) : sin(t, 2 * (i - half), columns));
  }

  @FunctionalInterface
  private interface Formula {
    double at(int row, int column);
  }

  private Tensor grown(Map<Integer, Tensor> known, int rows, int columns, Formula formula) {
    Tensor table = known.get(columns);
    if (table != null && table.rows() >= rows) {
      return table;
    }
    int longer = table == null ? FEWEST_ROWS : 2 * table.rows();
    Tensor larger = kernels.zeros(Math.max(longer, rows), columns);
    double[] values = new double[Math.toIntExact(larger.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = formula.at(i / columns, i % columns);
    }
    larger.copyFrom(values);
    known.put(columns, larger);
    return larger;
  }

  private static double sin(int position, int column, int columns) {
    return Math.sin(angle(position, column, columns));
  }

  private static double cos(int position, int column, int columns) {
    return Math.cos(angle(position, column, columns));
  }

  /** Both columns of a pair have the angle of the first. */
  private static double angle(int position, int column, int columns) {
    return position / Math.pow(BASE, (column - column % 2) / (double) columns);
  }
}
