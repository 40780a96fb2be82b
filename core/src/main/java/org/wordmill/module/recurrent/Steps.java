package org.wordmill.module.recurrent;

import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * What one application of a recurrent layer computes in every step, time first. Step t reads row t
 * of the states and writes row t + 1; row 0 is the initial state.
 *
 * @param gates [T, B, G H], what the input says to each gate; a cell may leave the gates there, and
 *     backward leaves their gradients
 * @param hidden [T, B, G H], what the state says, or [1, B, G H] where no step needs that of
 *     another
 * @param h [T + 1, B, H]
 * @param cells [T + 1, B, H]; h again where the cell has none
 */
record Steps(Kernels kernels, Tensor gates, Tensor hidden, Tensor h, Tensor cells) {

  int time() {
    return gates.dimension(0);
  }

  Tensor gates(int t) {
    return row(gates, t);
  }

  Tensor hidden(int t) {
    return row(hidden, hidden.dimension(0) == 1 ? 0 : t);
  }

  Tensor h(int row) {
    return row(h, row);
  }

  Tensor cell(int row) {
    return row(cells, row);
  }

  /** The hidden states that the steps read, [T, B, H]. */
  Tensor read() {
    return rows(0);
  }

  /** The hidden states that the steps wrote, [T, B, H]. */
  Tensor written() {
    return rows(1);
  }

  private Tensor rows(int from) {
    int batch = h.dimension(1);
    int width = h.dimension(2);
    return h.view((long) from * batch * width, time(), batch, width);
  }

  /** One of the matrices of a tensor of rank 3. */
  static Tensor row(Tensor tensor, int t) {
    int rows = tensor.dimension(1);
    int columns = tensor.dimension(2);
    return tensor.view((long) t * rows * columns, rows, columns);
  }
}
