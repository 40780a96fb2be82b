package org.wordmill.tape;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * One stretch of memory in which the steps of several tapes take place, one step after the other,
 * each as its {@link StepPlan} says. One thread at a time.
 */
public final class StepArena {
  /** Plans that are remembered; after more, all are placed anew. */
  private static final int PLANS = 16;

  /** Elements of a row, so that the number of rows of a large arena is an int. */
  private static final int ROW = 1 << 12;

  private final Kernels kernels;
  private final Map<StepPlan, PlannedMemory> placed = new IdentityHashMap<>();
  private @Nullable Tensor memory;

  public StepArena(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Makes room for steps of {@code bytes}; what an earlier step left is lost if there was less. */
  public void reserve(long bytes) {
    long needed = Math.max(1, bytes / kernels.precision().bytes());
    if (memory == null || memory.size() < needed) {
      placed.clear();
      memory = null;
      memory = kernels.zeros(Math.toIntExact((needed + ROW - 1) / ROW), ROW);
    }
  }

  /** Bytes held. */
  public long bytes() {
    return memory == null ? 0 : memory.size() * kernels.precision().bytes();
  }

  PlannedMemory place(StepPlan plan) {
    PlannedMemory known = placed.get(plan);
    if (known == null) {
      reserve(plan.bytes());
      if (placed.size() == PLANS) {
        placed.clear();
      }
      known = new PlannedMemory(plan.placement(), Objects.requireNonNull(memory));
      placed.put(plan, known);
    }
    return known;
  }
}
