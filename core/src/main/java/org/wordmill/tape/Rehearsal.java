package org.wordmill.tape;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Memory;
import org.wordmill.kernel.Tensor;

/**
 * The memory of a step that is only acted: it notes what is asked for, and from which call to which
 * call each piece is used. Views share the {@link Memory} of what they were cut from, so it is the
 * memory that is followed and not the tensor.
 */
final class Rehearsal implements StepMemory {

  /** One request: its size in elements, and the first and the last call that use it. */
  private static final class Request {
    private final long size;
    private final int first;
    private int last;

    Request(long size, int first) {
      this.size = size;
      this.first = first;
      this.last = first;
    }
  }

  private final Kernels kernels;
  private final Map<Memory, Request> known = new IdentityHashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private int now;

  /**
   * @param kernels that compute nothing
   */
  Rehearsal(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public Tensor take(int... shape) {
    Tensor tensor = kernels.zeros(shape);
    Request request = new Request(tensor.size(), now);
    known.put(tensor.memory(), request);
    requests.add(request);
    return tensor;
  }

  /** Nothing: what counts is the last use. */
  @Override
  public void release(Tensor tensor) {}

  @Override
  public void begin() {
    known.clear();
    requests.clear();
    now = 0;
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public void tick() {
    now++;
  }

  @Override
  public void use(Tensor tensor) {
    lastUse(tensor, now);
  }

  @Override
  public void keep(Tensor tensor) {
    lastUse(tensor, Integer.MAX_VALUE);
  }

  /** Constants and parameters are nobody's request. */
  private void lastUse(Tensor tensor, int call) {
    Request request = known.get(tensor.memory());
    if (request != null) {
      request.last = Math.max(request.last, call);
    }
  }

  Placement placement() {
    int count = requests.size();
    long[] sizes = new long[count];
    int[] first = new int[count];
    int[] last = new int[count];
    for (int i = 0; i < count; i++) {
      Request request = requests.get(i);
      sizes[i] = request.size;
      first[i] = request.first;
      last[i] = request.last;
    }
    return Placement.of(sizes, first, last);
  }
}
