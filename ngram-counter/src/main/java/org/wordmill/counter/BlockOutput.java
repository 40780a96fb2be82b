package org.wordmill.counter;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The blocks that a task sends into a shuffle: one open {@link GramBlockWriter} per order and
 * target partition, and a queue of finished blocks, which a lazy iterator drains so that a task
 * never holds its whole output.
 */
abstract class BlockOutput implements Iterator<Tuple2<Integer, byte[]>> {
  private static final long OPEN_BYTES = 32L << 20;
  private static final int MAX_BLOCK = 128 << 10;
  private static final int MIN_BLOCK = 2 << 10;

  private final int partitions;
  private final @Nullable GramBlockWriter[] writers;
  private final int blockBytes;
  private final ArrayDeque<Tuple2<Integer, byte[]>> finished = new ArrayDeque<>();
  private boolean exhausted;

  BlockOutput(int maxOrder, int partitions) {
    this.partitions = partitions;
    this.writers = new GramBlockWriter[(maxOrder + 1) * partitions];
    this.blockBytes = (int) Math.max(MIN_BLOCK, Math.min(MAX_BLOCK, OPEN_BYTES / writers.length));
  }

  /**
   * Does some more of the work, by calling {@link #writer}, {@link #send} and {@link #flush}.
   *
   * @return false when all work was done by earlier calls
   */
  abstract boolean advance();

  /** The open block for an order and a target partition; one entry may be added to it. */
  final GramBlockWriter writer(int order, int partition) {
    int index = order * partitions + partition;
    GramBlockWriter writer = writers[index];
    if (writer == null) {
      writer = new GramBlockWriter(order);
      writers[index] = writer;
    } else if (writer.size() >= blockBytes) {
      finished.add(new Tuple2<>(partition, writer.finish()));
    }
    return writer;
  }

  /** Sends bytes that are not a block of n-grams. */
  final void send(int partition, byte[] message) {
    finished.add(new Tuple2<>(partition, message));
  }

  /** Ends the open blocks: what follows is a new ascending run. */
  final void flush() {
    for (int i = 0; i < writers.length; i++) {
      GramBlockWriter writer = writers[i];
      if (writer != null && !writer.isEmpty()) {
        finished.add(new Tuple2<>(i % partitions, writer.finish()));
      }
    }
  }

  @Override
  public final boolean hasNext() {
    while (finished.isEmpty() && !exhausted) {
      if (!advance()) {
        flush();
        exhausted = true;
      }
    }
    return !finished.isEmpty();
  }

  @Override
  public final Tuple2<Integer, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return finished.remove();
  }
}
