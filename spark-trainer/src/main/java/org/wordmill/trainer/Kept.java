package org.wordmill.trainer;

import org.apache.spark.storage.BlockManagerId;

/** What a task tells the driver of something that it has left in {@link StepBlocks}. */
interface Kept {
  /** Which of those that belong together, counted from 0. */
  int number();

  /** The process that keeps it. */
  BlockManagerId place();
}
