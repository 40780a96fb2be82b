package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * The steps of {@link CellKernels} on vectors, row by row. Each is a few short loops, because the
 * compiler would not inline all of a cell into one.
 */
final class FusedCells {
  private final Lanes lanes;

  FusedCells(Lanes lanes) {
    this.lanes = lanes;
  }

  void lstmForward(Tensor gates, Tensor hidden, Tensor before, Tensor cell, Tensor h) {
    int width = h.columns();
    ByteBuffer a = gates.bytes();
    ByteBuffer u = hidden.bytes();
    for (int row = 0; row < h.rows(); row++) {
      int at = row * width;
      int gate = row * 4 * width;
      addLogistic(a, u, gate, 2 * width);
      addTanh(a, u, gate + 2 * width, width);
      addLogistic(a, u, gate + 3 * width, width);
      remember(a, gate, before.bytes(), cell.bytes(), at, width);
      show(a, gate + 3 * width, cell.bytes(), h.bytes(), at, width);
    }
  }

  /** x = logistic(x + y) at [start, start + size). */
  private void addLogistic(ByteBuffer x, ByteBuffer y, int start, int size) {
    int whole = start + Lanes.whole(size);
    for (int i = start; i < whole; i += Lanes.WIDTH) {
      Lanes.store(FusedActivation.logistic(Lanes.load(x, i).add(Lanes.load(y, i))), x, i);
    }
    int rest = start + size - whole;
    if (rest > 0) {
      FloatVector sum = lanes.load(x, whole, rest, 0).add(lanes.load(y, whole, rest, 0));
      lanes.store(FusedActivation.logistic(sum), x, whole, rest);
    }
  }

  /** x = tanh(x + y) at [start, start + size). */
  private void addTanh(ByteBuffer x, ByteBuffer y, int start, int size) {
    int whole = start + Lanes.whole(size);
    for (int i = start; i < whole; i += Lanes.WIDTH) {
      Lanes.store(FusedActivation.tanh(Lanes.load(x, i).add(Lanes.load(y, i))), x, i);
    }
    int rest = start + size - whole;
    if (rest > 0) {
      FloatVector sum = lanes.load(x, whole, rest, 0).add(lanes.load(y, whole, rest, 0));
      lanes.store(FusedActivation.tanh(sum), x, whole, rest);
    }
  }

  /** c = f c' + i g. */
  private void remember(
      ByteBuffer gates, int gate, ByteBuffer before, ByteBuffer cell, int at, int width) {
    int whole = Lanes.whole(width);
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector f = Lanes.load(gates, gate + width + j);
      FloatVector kept = f.mul(Lanes.load(before, at + j));
      FloatVector i = Lanes.load(gates, gate + j);
      Lanes.store(i.fma(Lanes.load(gates, gate + 2 * width + j), kept), cell, at + j);
    }
    for (int j = whole; j < width; j++) {
      float kept = get(gates, gate + width + j) * get(before, at + j);
      put(cell, at + j, Math.fma(get(gates, gate + j), get(gates, gate + 2 * width + j), kept));
    }
  }

  /** h = o tanh(c). */
  private void show(ByteBuffer gates, int gate, ByteBuffer cell, ByteBuffer h, int at, int width) {
    int whole = Lanes.whole(width);
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector t = FusedActivation.tanh(Lanes.load(cell, at + j));
      Lanes.store(t.mul(Lanes.load(gates, gate + j)), h, at + j);
    }
    int rest = width - whole;
    if (rest > 0) {
      FloatVector t = FusedActivation.tanh(lanes.load(cell, at + whole, rest, 0));
      lanes.store(t.mul(lanes.load(gates, gate + whole, rest, 0)), h, at + whole, rest);
    }
  }

  void lstmBackward(Tensor gates, Tensor before, Tensor cell, Tensor dh, Tensor dCell) {
    int width = dh.columns();
    for (int row = 0; row < dh.rows(); row++) {
      int at = row * width;
      int gate = row * 4 * width;
      hide(gates.bytes(), gate + 3 * width, cell.bytes(), dh.bytes(), dCell.bytes(), at, width);
      forget(gates.bytes(), gate, before.bytes(), dCell.bytes(), at, width);
    }
  }

  /** do = dh tanh(c) o (1 - o) in the place of o; dc += dh o (1 - tanh(c)^2). */
  private void hide(
      ByteBuffer gates,
      int gate,
      ByteBuffer cell,
      ByteBuffer dh,
      ByteBuffer dCell,
      int at,
      int width) {
    int whole = Lanes.whole(width);
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector t = FusedActivation.tanh(Lanes.load(cell, at + j));
      FloatVector o = Lanes.load(gates, gate + j);
      FloatVector g = Lanes.load(dh, at + j);
      Lanes.store(g.mul(t).mul(FusedActivation.logisticSlope(o)), gates, gate + j);
      FloatVector inner = g.mul(o).mul(FusedActivation.tanhSlope(t));
      Lanes.store(inner.add(Lanes.load(dCell, at + j)), dCell, at + j);
    }
    int rest = width - whole;
    if (rest > 0) {
      FloatVector t = FusedActivation.tanh(lanes.load(cell, at + whole, rest, 0));
      FloatVector o = lanes.load(gates, gate + whole, rest, 0);
      FloatVector g = lanes.load(dh, at + whole, rest, 0);
      FloatVector dOut = g.mul(t).mul(FusedActivation.logisticSlope(o));
      lanes.store(dOut, gates, gate + whole, rest);
      FloatVector inner = g.mul(o).mul(FusedActivation.tanhSlope(t));
      FloatVector sum = inner.add(lanes.load(dCell, at + whole, rest, 0));
      lanes.store(sum, dCell, at + whole, rest);
    }
  }

  /** The gradients of i, f, g in their places, from that of c, which becomes that of c'. */
  private static void forget(
      ByteBuffer gates, int gate, ByteBuffer before, ByteBuffer dCell, int at, int width) {
    int whole = Lanes.whole(width);
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector i = Lanes.load(gates, gate + j);
      FloatVector f = Lanes.load(gates, gate + width + j);
      FloatVector g = Lanes.load(gates, gate + 2 * width + j);
      FloatVector ds = Lanes.load(dCell, at + j);
      Lanes.store(ds.mul(g).mul(FusedActivation.logisticSlope(i)), gates, gate + j);
      FloatVector df = ds.mul(Lanes.load(before, at + j)).mul(FusedActivation.logisticSlope(f));
      Lanes.store(df, gates, gate + width + j);
      Lanes.store(ds.mul(i).mul(FusedActivation.tanhSlope(g)), gates, gate + 2 * width + j);
      Lanes.store(ds.mul(f), dCell, at + j);
    }
    for (int j = whole; j < width; j++) {
      float i = get(gates, gate + j);
      float f = get(gates, gate + width + j);
      float g = get(gates, gate + 2 * width + j);
      float ds = get(dCell, at + j);
      put(gates, gate + j, ds * g * (i * (1 - i)));
      put(gates, gate + width + j, ds * get(before, at + j) * (f * (1 - f)));
      put(gates, gate + 2 * width + j, ds * i * (1 - g * g));
      put(dCell, at + j, ds * f);
    }
  }

  void gruForward(Tensor gates, Tensor hidden, Tensor before, Tensor h) {
    int width = h.columns();
    ByteBuffer a = gates.bytes();
    ByteBuffer u = hidden.bytes();
    for (int row = 0; row < h.rows(); row++) {
      int gate = row * 3 * width;
      addLogistic(a, u, gate, 2 * width);
      propose(a, u, gate, width);
      mix(a, gate + width, before.bytes(), h.bytes(), row * width, width);
    }
  }

  /** n = tanh(gates + r hidden). */
  private void propose(ByteBuffer gates, ByteBuffer hidden, int gate, int width) {
    int whole = Lanes.whole(width);
    int n = gate + 2 * width;
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector r = Lanes.load(gates, gate + j);
      FloatVector sum = r.fma(Lanes.load(hidden, n + j), Lanes.load(gates, n + j));
      Lanes.store(FusedActivation.tanh(sum), gates, n + j);
    }
    int rest = width - whole;
    if (rest > 0) {
      FloatVector r = lanes.load(gates, gate + whole, rest, 0);
      FloatVector u = lanes.load(hidden, n + whole, rest, 0);
      FloatVector sum = r.fma(u, lanes.load(gates, n + whole, rest, 0));
      lanes.store(FusedActivation.tanh(sum), gates, n + whole, rest);
    }
  }

  /** h = n + z (h' - n). */
  private static void mix(
      ByteBuffer gates, int gate, ByteBuffer before, ByteBuffer h, int at, int width) {
    int whole = Lanes.whole(width);
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector n = Lanes.load(gates, gate + width + j);
      FloatVector z = Lanes.load(gates, gate + j);
      Lanes.store(Lanes.load(before, at + j).sub(n).fma(z, n), h, at + j);
    }
    for (int j = whole; j < width; j++) {
      float n = get(gates, gate + width + j);
      put(h, at + j, Math.fma(get(before, at + j) - n, get(gates, gate + j), n));
    }
  }

  void gruBackward(Tensor gates, Tensor hidden, Tensor before, Tensor dh, Tensor dBefore) {
    int width = dh.columns();
    ByteBuffer a = gates.bytes();
    ByteBuffer u = hidden.bytes();
    for (int row = 0; row < dh.rows(); row++) {
      int at = row * width;
      int gate = row * 3 * width;
      unmix(a, gate + width, u, before.bytes(), dh.bytes(), dBefore.bytes(), at, width);
      withdraw(a, u, gate, width);
    }
  }

  /** dz and dn in the places of z and n, dz for the state too; dh' += dh z. */
  private static void unmix(
      ByteBuffer gates,
      int gate,
      ByteBuffer hidden,
      ByteBuffer before,
      ByteBuffer dh,
      ByteBuffer dBefore,
      int at,
      int width) {
    int whole = Lanes.whole(width);
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector z = Lanes.load(gates, gate + j);
      FloatVector n = Lanes.load(gates, gate + width + j);
      FloatVector g = Lanes.load(dh, at + j);
      FloatVector kept = g.mul(z);
      Lanes.store(kept.add(Lanes.load(dBefore, at + j)), dBefore, at + j);
      FloatVector difference = Lanes.load(before, at + j).sub(n);
      FloatVector dz = g.mul(difference).mul(FusedActivation.logisticSlope(z));
      Lanes.store(dz, gates, gate + j);
      Lanes.store(dz, hidden, gate + j);
      FloatVector dn = g.mul(Lanes.all(1).sub(z)).mul(FusedActivation.tanhSlope(n));
      Lanes.store(dn, gates, gate + width + j);
    }
    for (int j = whole; j < width; j++) {
      float z = get(gates, gate + j);
      float n = get(gates, gate + width + j);
      float g = get(dh, at + j);
      put(dBefore, at + j, g * z + get(dBefore, at + j));
      float dz = g * (get(before, at + j) - n) * (z * (1 - z));
      put(gates, gate + j, dz);
      put(hidden, gate + j, dz);
      put(gates, gate + width + j, g * (1 - z) * (1 - n * n));
    }
  }

  /** From dn, dr in the places of r, and what dn is for the state. */
  private static void withdraw(ByteBuffer gates, ByteBuffer hidden, int gate, int width) {
    int whole = Lanes.whole(width);
    int proposed = gate + 2 * width;
    for (int j = 0; j < whole; j += Lanes.WIDTH) {
      FloatVector r = Lanes.load(gates, gate + j);
      FloatVector dn = Lanes.load(gates, proposed + j);
      FloatVector u = Lanes.load(hidden, proposed + j);
      FloatVector dr = dn.mul(u).mul(FusedActivation.logisticSlope(r));
      Lanes.store(dr, gates, gate + j);
      Lanes.store(dr, hidden, gate + j);
      Lanes.store(dn.mul(r), hidden, proposed + j);
    }
    for (int j = whole; j < width; j++) {
      float r = get(gates, gate + j);
      float dn = get(gates, proposed + j);
      float dr = dn * get(hidden, proposed + j) * (r * (1 - r));
      put(gates, gate + j, dr);
      put(hidden, gate + j, dr);
      put(hidden, proposed + j, dn * r);
    }
  }

  private static float get(ByteBuffer memory, int index) {
    return memory.getFloat(index << 2);
  }

  private static void put(ByteBuffer memory, int index, float value) {
    memory.putFloat(index << 2, value);
  }
}
