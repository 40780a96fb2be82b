package org.wordmill.trainer;

import org.wordmill.error.WordmillException;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Precision;
import org.wordmill.train.MemoryEstimate;
import org.wordmill.train.TrainingConfig;

/** The memory outside of the heap that a run takes in the driver's process. */
final class RunMemory {
  private RunMemory() {}

  /**
   * Refuses what cannot fit into this process; executors look for themselves.
   *
   * @throws WordmillException USAGE when it cannot
   */
  static void require(String master, TrainingConfig config) {
    int workers = Math.min(Synchronization.localSlots(master), config.batching().partitions());
    OffHeapMemory.require(
        bytes(MemoryEstimate.of(config), workers, config),
        "the state of the run" + (workers == 0 ? "" : ", with " + workers + " workers beside it,"),
        config.kernels().create(Precision.FLOAT));
  }

  /**
   * The state, and what workers of this process take beside it; on a cluster without the gradients,
   * which are asked for by the ways that take them.
   *
   * @param workers 0 on a cluster
   */
  private static long bytes(MemoryEstimate memory, int workers, TrainingConfig config) {
    if (workers == 0) {
      return memory.state() - memory.gradients();
    }
    return memory.state()
        + (config.outer().isPresent()
            ? workers * memory.task()
            : config.batching().partitions() * (memory.gradients() + memory.heldBack())
                + workers * (memory.gradients() + memory.activations()));
  }
}
