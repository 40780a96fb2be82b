package org.wordmill.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * What a step costs under {@code sync = direct} beside the computation of gradients, as a sum of
 * four times: a fixed one (the driver's word and answers), one for each worker (its messages), one
 * for each gigabyte that a worker owns (adding up and updating its slice), and one for each
 * gigabyte that it sends. Of a vector of B bytes a worker of W owns B/W, and it sends 2 B (W-1)/W:
 * its part of the others' slices, and its slice to the others.
 *
 * @param fixed seconds
 * @param perWorker seconds
 * @param perGigabyteOwned seconds
 * @param perGigabyteSent seconds; the reciprocal is the bandwidth at which a worker sends
 */
public record DirectCost(
    double fixed, double perWorker, double perGigabyteOwned, double perGigabyteSent) {
  private static final int TERMS = 4;
  private static final double GIGA = 1e9;

  /** A column's remainder that is taken for rounding, the columns' largest being about one. */
  private static final double SINGULAR = 1e-9;

  /**
   * Steps that were measured.
   *
   * @param workers that took part
   * @param parameters of the model
   * @param seconds of a step beside the computation
   */
  public record Measured(int workers, double parameters, double seconds) {}

  /**
   * The costs, none below zero, under which the squares of the relative errors are least.
   *
   * @throws IllegalArgumentException when the runs do not tell the four times apart; two sizes of a
   *     model and three numbers of workers do
   */
  public static DirectCost fit(List<Measured> runs) {
    int all = (1 << TERMS) - 1;
    if (runs.size() < TERMS || !solver(design(runs, all)).isNonSingular()) {
      throw new IllegalArgumentException(
          "the runs are not enough to tell apart what grows with workers and what with parameters");
    }
    // Least squares with unknowns of at least zero are the free ones of some of the unknowns, and
    // of four there are few enough choices to try each.
    DirectCost best = new DirectCost(0, 0, 0, 0);
    for (int chosen = 1; chosen <= all; chosen++) {
      DirectCost fitted = fit(runs, chosen);
      if (fitted.sound() && fitted.squares(runs) < best.squares(runs)) {
        best = fitted;
      }
    }
    return best;
  }

  /** Seconds of a step beside the computation. */
  public double seconds(int workers, double parameters) {
    double[] factors = factors(workers, parameters);
    return fixed * factors[0]
        + perWorker * factors[1]
        + perGigabyteOwned * factors[2]
        + perGigabyteSent * factors[3];
  }

  /** The same on a network that moves no more than so many bytes a second from a worker. */
  public DirectCost within(double bytesPerSecond) {
    return new DirectCost(
        fixed, perWorker, perGigabyteOwned, Math.max(perGigabyteSent, GIGA / bytesPerSecond));
  }

  /** What each cost is multiplied by. */
  private static double[] factors(int workers, double parameters) {
    double gigabytes = parameters * Float.BYTES / GIGA;
    return new double[] {1, workers, gigabytes / workers, 2 * gigabytes * (workers - 1) / workers};
  }

  private static DirectCost fit(List<Measured> runs, int chosen) {
    RealMatrix design = design(runs, chosen);
    DecompositionSolver solver = solver(design);
    double[] ones = new double[runs.size()];
    Arrays.fill(ones, 1);
    double[] found = solver.solve(new ArrayRealVector(ones)).toArray();
    double[] costs = new double[TERMS];
    int next = 0;
    for (int term = 0; term < TERMS; term++) {
      if ((chosen & 1 << term) != 0) {
        costs[term] = found[next++];
      }
    }
    return new DirectCost(costs[0], costs[1], costs[2], costs[3]);
  }

  /** A row for each run, relative to its seconds, and a column for each chosen cost. */
  private static RealMatrix design(List<Measured> runs, int chosen) {
    double[][] rows = new double[runs.size()][];
    for (int run = 0; run < rows.length; run++) {
      Measured measured = runs.get(run);
      double[] factors = factors(measured.workers(), measured.parameters());
      rows[run] =
          IntStream.range(0, TERMS)
              .filter(term -> (chosen & 1 << term) != 0)
              .mapToDouble(term -> factors[term] / measured.seconds())
              .toArray();
    }
    return new Array2DRowRealMatrix(rows, false);
  }

  private static DecompositionSolver solver(RealMatrix design) {
    return new QRDecomposition(design, SINGULAR).getSolver();
  }

  private boolean sound() {
    return fixed >= 0 && perWorker >= 0 && perGigabyteOwned >= 0 && perGigabyteSent >= 0;
  }

  private double squares(List<Measured> runs) {
    double sum = 0;
    for (Measured run : runs) {
      double error = seconds(run.workers(), run.parameters()) / run.seconds() - 1;
      sum += error * error;
    }
    return sum;
  }
}
