package org.wordmill.kernel.cuda;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.cuda.Product.Matrix;

/** A device with the scratch memory of one thread, and launches with checked arguments. */
record CudaLauncher(Device device, Scratch scratch) {

  CudaLauncher(Device device) {
    this(device, new Scratch(device));
  }

  /**
   * @param values tensors, {@link Arguments.Region}s, counts and numbers, as {@code entry} takes
   *     them
   */
  void launch(Entry entry, Grid grid, Object... values) {
    device.launch(entry, grid, Arguments.pack(entry, values));
    Reference.reachabilityFence(values);
  }

  /** A launch over all elements of {@code tensor}, whose number is the last argument. */
  void overElements(Entry entry, Tensor tensor, Object... values) {
    Object[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = tensor.size();
    launch(entry, Grid.elements(tensor.size()), all);
  }

  void multiply(
      Tensor a, boolean transposeA, Tensor b, boolean transposeB, boolean accumulate, Tensor c) {
    device.multiply(
        Product.single(
            c.rows(),
            c.columns(),
            transposeA ? a.rows() : a.columns(),
            matrix(a),
            transposeA,
            matrix(b),
            transposeB,
            accumulate,
            matrix(c)));
    keep(a, b, c);
  }

  /** target += the sums over the rows of x. */
  void addColumnSums(Tensor x, Tensor target) {
    ColumnChunks chunks = ColumnChunks.of(x.rows());
    Arguments.Region partials =
        scratch.reals(Scratch.Use.COLUMN_PARTIALS, (long) chunks.chunks() * x.columns());
    launch(
        Entry.COLUMN_PARTIALS,
        Grid.columns(x.columns(), chunks.chunks()),
        x,
        partials,
        chunks.rowsPerChunk(),
        x.rows(),
        x.columns());
    addPartials(partials, target, chunks);
  }

  void addPartials(Arguments.Region partials, Tensor target, ColumnChunks chunks) {
    launch(
        Entry.ADD_COLUMN_PARTIALS,
        Grid.elements(target.size()),
        partials,
        target,
        chunks.chunks(),
        target.size());
  }

  /** Keeps memory alive up to this point, whose addresses were used before it. */
  static void keep(Tensor... tensors) {
    Reference.reachabilityFence(tensors);
  }

  private static Matrix matrix(Tensor tensor) {
    return new Matrix(CudaMemory.address(tensor), tensor.columns(), tensor.size());
  }
}
