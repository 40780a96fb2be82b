package org.wordmill.submit.command;

import java.util.Locale;
import org.apache.spark.SparkConf;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.train.MemoryEstimate;
import org.wordmill.train.TrainingConfig;

/** The memory that a training may take where it runs, beside what it will take, for people. */
final class TrainingMemory {
  private static final long MIB = 1 << 20;
  private static final long LEAST_OVERHEAD_MIB = 384;
  private static final double OVERHEAD_FACTOR = 0.1;

  private TrainingMemory() {}

  /** One sentence on this process in local mode, on an executor elsewhere. */
  static String room(TrainingConfig config, SparkConf conf) {
    return conf.get("spark.master", "local").startsWith("local")
        ? "memory of this process: " + OffHeapMemory.explained()
        : ofExecutor(MemoryEstimate.of(config).task(), conf);
  }

  /**
   * Java's heap, the memory beside it, and what tasks take of that.
   *
   * @param task bytes of the tensors of one task
   */
  static String ofExecutor(long task, SparkConf conf) {
    long heap = MIB * conf.getSizeAsMb("spark.executor.memory", "1g");
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", OVERHEAD_FACTOR);
    long usual = Math.max(LEAST_OVERHEAD_MIB, (long) (factor * heap / MIB));
    long overhead = MIB * conf.getSizeAsMb("spark.executor.memoryOverhead", usual + "m");
    int tasks =
        Math.max(
            1,
            conf.getInt("spark.executor.cores", 1)
                / Math.max(1, conf.getInt("spark.task.cpus", 1)));
    return String.format(
        Locale.ROOT,
        "memory of an executor: %s of heap and %s beside it (spark.executor.memoryOverhead); tensors"
            + " of %d %s at once take %s beside the heap%s",
        OffHeapMemory.readable(heap),
        OffHeapMemory.readable(overhead),
        tasks,
        tasks == 1 ? "task" : "tasks",
        OffHeapMemory.readable(tasks * task),
        tasks * task <= overhead
            ? ""
            : ": more than there is, so raise spark.executor.memoryOverhead, or take smaller"
                + " micro-batches");
  }
}
