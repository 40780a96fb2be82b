package org.wordmill.counter;

import org.apache.spark.Partitioner;

/** Sends a block to the partition that its key names. */
final class BlockPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;

  BlockPartitioner(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return (Integer) key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockPartitioner that && that.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
