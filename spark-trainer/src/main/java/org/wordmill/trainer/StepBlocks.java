package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Blocks of bytes that processes of one application keep for each other in Spark's block managers
 * as long as a step lasts. They travel over Spark's own connections, authenticated and encrypted as
 * these are, go to disk where the storage memory is too small for them, and go away together.
 *
 * <p>A Spark broadcast or a task's result would do, but what they hold is written into a stream,
 * copied as bytes, and read from a stream again; with vectors of hundreds of megabytes that, and
 * the garbage of it, is most of the time of a step. The block manager is not a part of Spark's
 * public interface, though its methods are public in its classes; all uses of it are here.
 *
 * @param id unlike that of any broadcast of Spark's own, whose ids count from 0
 */
record StepBlocks(long id) implements Serializable {
  private static final AtomicLong NEXT = new AtomicLong(1L << 40);

  /** Made on the driver: a name for blocks that go away together. */
  static StepBlocks next() {
    return new StepBlocks(NEXT.getAndIncrement());
  }

  private static BlockManager manager() {
    return SparkEnv.get().blockManager();
  }

  /** Where this process keeps its blocks. */
  static BlockManagerId here() {
    return manager().blockManagerId();
  }

  static void writePlace(BlockManagerId place, Output output) {
    output.writeString(place.executorId());
    output.writeString(place.host());
    output.writeInt(place.port());
  }

  /** Reads what {@link #writePlace} has written. */
  static BlockManagerId readPlace(Input input) {
    return BlockManagerId.apply(
        input.readString(), input.readString(), input.readInt(), Option.empty());
  }

  /** What Spark calls a block, a broadcast's, which goes away with it. */
  BroadcastBlockId block(String vector, int slice) {
    return new BroadcastBlockId(id, "_" + vector + "_" + slice);
  }

  /**
   * Keeps a block in this process.
   *
   * @param bytes to be changed by nobody afterwards
   * @param tell whether the driver is told, so that {@link #places} knows
   */
  static void put(BroadcastBlockId block, ByteBuffer bytes, boolean tell) {
    put(block, new ChunkedByteBuffer(bytes), tell);
  }

  /**
   * Has this process keep a block that lies in a tensor, without a copy, and tells the driver. Who
   * reads it after the tensor has changed gets some of the new elements.
   *
   * @param slice on the host
   */
  static void lend(BroadcastBlockId block, Tensor slice) {
    put(block, new Lent(slice), true);
  }

  private static void put(BroadcastBlockId block, ChunkedByteBuffer bytes, boolean tell) {
    boolean kept =
        manager()
            .putBytes(
                block,
                bytes,
                StorageLevel.MEMORY_AND_DISK_SER(),
                tell,
                ClassTag$.MODULE$.<Object>apply(Object.class));
    if (!kept) {
      throw new IllegalStateException(
          "Spark has neither memory nor disk space for block " + block.name());
    }
  }

  /** Hands over a block that this process has, and says whether it has it. */
  static boolean readHere(BroadcastBlockId block, Reader reader) throws IOException {
    Option<BlockData> data = manager().getLocalBytes(block);
    if (data.isEmpty()) {
      return false;
    }
    try {
      reader.read(0, new ByteBuffer[] {data.get().toByteBuffer()});
    } finally {
      manager().releaseLockAndDispose(block, data.get(), Option.empty());
    }
    return true;
  }

  /** The processes that have told of each block; none where it has gone away. */
  static List<List<BlockManagerId>> places(List<BroadcastBlockId> blocks) {
    return CollectionConverters.asJava(
            manager().master().getLocations(blocks.toArray(BlockId[]::new)))
        .stream()
        .map(places -> List.copyOf(CollectionConverters.asJava(places)))
        .toList();
  }

  /**
   * Gets blocks of one process, this one or another, and waits until all are read.
   *
   * @param reader given each block once, by its place in the list, one at a time, on threads of
   *     Spark's connections
   * @throws IOException when one cannot be had; others may have been read
   * @throws InterruptedException when the thread is interrupted; none is read afterwards
   */
  static void read(BlockManagerId place, List<BroadcastBlockId> blocks, Reader reader)
      throws IOException, InterruptedException {
    if (place.equals(here())) {
      for (int i = 0; i < blocks.size(); i++) {
        int number = i;
        if (!readHere(blocks.get(i), (zero, parts) -> reader.read(number, parts))) {
          throw new IOException("block " + blocks.get(i).name() + " has gone away");
        }
      }
      return;
    }
    List<String> names = blocks.stream().map(BroadcastBlockId::name).toList();
    Fetch fetch = new Fetch(names, reader);
    for (String name : names) {
      // Each by itself: of several in one message, one that has gone away leaves the others locked.
      manager()
          .blockTransferService()
          .fetchBlocks(
              place.host(), place.port(), place.executorId(), new String[] {name}, fetch, null);
    }
    fetch.await();
  }

  /** On the driver: has all blocks go away in all processes, and does not wait for it. */
  void remove() {
    manager().master().removeBroadcast(id, true, false);
  }

  /** Has the blocks of this process go away. */
  void removeHere() {
    manager().removeBroadcast(id, true);
  }

  /** Who takes blocks. */
  @FunctionalInterface
  interface Reader {
    /**
     * Takes the block at a place of a list.
     *
     * @param parts its bytes, in the pieces in which they have come; others' after the call
     */
    void read(int number, ByteBuffer[] parts) throws IOException;
  }

  /** The memory of a tensor, which Spark is not to free when the block goes away. */
  private static final class Lent extends ChunkedByteBuffer {
    private final Tensor owner;

    Lent(Tensor owner) {
      super(new ByteBuffer[] {owner.raw()});
      this.owner = owner;
    }

    @Override
    public void dispose() {
      // Not before here: the buffer does not keep the tensor's memory.
      Reference.reachabilityFence(owner);
    }
  }

  private static final class Fetch implements BlockFetchingListener {
    private final List<String> names;
    private final Reader reader;
    private final CountDownLatch left;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    /** Whether nobody waits any more; what comes then is not read. */
    private boolean abandoned;

    Fetch(List<String> names, Reader reader) {
      this.names = names;
      this.reader = reader;
      this.left = new CountDownLatch(names.size());
    }

    @Override
    public void onBlockFetchSuccess(String name, ManagedBuffer data) {
      try {
        ByteBuf bytes = (ByteBuf) data.convertToNetty();
        try {
          read(names.indexOf(name), bytes);
        } finally {
          bytes.release();
        }
      } catch (Throwable e) {
        // Whatever it is, a lack of memory too: who waits is told.
        fault.compareAndSet(null, e);
      } finally {
        left.countDown();
      }
    }

    /** There may be several connections to a process (spark.shuffle.io.numConnectionsPerPeer). */
    private synchronized void read(int number, ByteBuf bytes) throws IOException {
      if (!abandoned) {
        reader.read(number, bytes.nioBuffers());
      }
    }

    /** Returns when nothing is being read: what readers write to may be used for something else. */
    private synchronized void abandon() {
      abandoned = true;
    }

    @Override
    public void onBlockFetchFailure(String name, Throwable cause) {
      fault.compareAndSet(null, cause);
      left.countDown();
    }

    void await() throws IOException, InterruptedException {
      try {
        left.await();
      } catch (InterruptedException e) {
        abandon();
        throw e;
      }
      Throwable cause = fault.get();
      if (cause != null) {
        throw new IOException("a block cannot be had: " + cause.getMessage(), cause);
      }
    }
  }
}
