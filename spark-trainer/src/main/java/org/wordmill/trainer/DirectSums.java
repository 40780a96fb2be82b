package org.wordmill.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientSync;

/**
 * What one worker tells of its partitions and blocks, or all workers together, in order.
 *
 * @param sums of the partitions
 * @param seconds of the computation
 * @param inputSeconds of these, for tokens
 * @param squares the sum of squares of each block of the gradient; none where there is no gradient
 */
record DirectSums(List<BatchSum> sums, double seconds, double inputSeconds, List<Double> squares) {

  void write(DataOutputStream out) throws IOException {
    out.writeInt(sums.size());
    for (BatchSum sum : sums) {
      out.writeDouble(sum.loss());
      out.writeLong(sum.tokens());
    }
    out.writeDouble(seconds);
    out.writeDouble(inputSeconds);
    out.writeInt(squares.size());
    for (double square : squares) {
      out.writeDouble(square);
    }
  }

  static DirectSums read(DataInputStream in) throws IOException {
    BatchSum[] sums = new BatchSum[in.readInt()];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new BatchSum(in.readDouble(), in.readLong());
    }
    double seconds = in.readDouble();
    double inputSeconds = in.readDouble();
    Double[] squares = new Double[in.readInt()];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = in.readDouble();
    }
    return new DirectSums(Arrays.asList(sums), seconds, inputSeconds, Arrays.asList(squares));
  }

  /** Of all workers, by rank: partitions and blocks in their order, and the slowest's times. */
  static DirectSums all(List<DirectSums> parts) {
    Stream<BatchSum> sums = parts.stream().flatMap(part -> part.sums().stream());
    Stream<Double> squares = parts.stream().flatMap(part -> part.squares().stream());
    return new DirectSums(
        sums.toList(),
        parts.stream().mapToDouble(DirectSums::seconds).max().orElse(0),
        parts.stream().mapToDouble(DirectSums::inputSeconds).max().orElse(0),
        squares.toList());
  }

  /** In the order of the partitions. */
  BatchSum sum() {
    BatchSum total = BatchSum.ZERO;
    for (BatchSum sum : sums) {
      total = total.plus(sum);
    }
    return total;
  }

  /** With the squares added in the order of the blocks. */
  GradientSync.StepSum step() {
    double norm = 0;
    for (double square : squares) {
      norm += square;
    }
    return new GradientSync.StepSum(sum(), norm, seconds, inputSeconds);
  }
}
