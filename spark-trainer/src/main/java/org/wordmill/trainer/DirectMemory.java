package org.wordmill.trainer;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;

/**
 * The memory that a worker shares with those of its team on the same machine, so that what they
 * exchange is copied from one to the other, and not into the kernel and out of it again. A worker
 * that owns a slice of the flat vector has such memory:
 *
 * <pre>
 * outbox     its slice of the parameters, for the others to read
 * inboxes    one for each partition of those others: the slice of its gradient, which they write
 * </pre>
 *
 * The connections tell how many blocks are there. Nobody overwrites what somebody still reads,
 * because of the order of a step: a worker writes its next gradient when it has all updated
 * parameters, the last of which their owner sends when it has no more use for the gradients before
 * (or when the driver has left the update out, which it does after all have added up); and an owner
 * updates its slice when all gradients are there, which the others send when they have all
 * parameters.
 */
final class DirectMemory {
  /** Blocks that are told of at once: 4 MiB, which are in the processor's cache when they are. */
  private static final int BLOCKS = 4;

  private final int rank;
  private final DirectShares shares;
  private final List<String> hosts;
  private final @Nullable Tensor[] inboxes;
  private final @Nullable RawBlocks[] theirOutboxes;
  private final RawBlocks[][] theirInboxes;
  private final boolean[] open;
  private @Nullable RawBlocks outbox;

  /**
   * Of nobody yet.
   *
   * @param hosts of all workers, by rank
   */
  DirectMemory(int rank, DirectShares shares, List<String> hosts) {
    this.rank = rank;
    this.shares = shares;
    this.hosts = hosts;
    this.inboxes = new Tensor[shares.partitions()];
    this.theirOutboxes = new RawBlocks[shares.workers()];
    this.theirInboxes = new RawBlocks[shares.workers()][0];
    this.open = new boolean[shares.workers()];
  }

  /** Whether another worker is on this machine, by its address. */
  boolean isNear(int peer) {
    return isNear(rank, peer);
  }

  private boolean isNear(int worker, int other) {
    return worker != other && hosts.get(worker).equals(hosts.get(other));
  }

  /**
   * What this worker's memory takes; 0 when it has nobody to share with, or nothing, or slices of
   * more than the 2 GiB that Java maps in one piece.
   */
  long bytes() {
    int parts = partsBefore(rank, shares.workers());
    long bytes = bytesOfPart(rank);
    return parts == 1 || bytes > Integer.MAX_VALUE ? 0 : parts * bytes;
  }

  /** An owner's outbox, and its inboxes for workers before {@code writer}. */
  private int partsBefore(int owner, int writer) {
    int parts = 1;
    for (int peer = 0; peer < writer; peer++) {
      parts += isNear(owner, peer) ? shares.partitionsOf(peer) : 0;
    }
    return parts;
  }

  private long bytesOfPart(int owner) {
    return (long) shares.elementsOf(owner) * Float.BYTES;
  }

  private Tensor part(SharedMemory memory, int owner, int part) throws IOException {
    long bytes = bytesOfPart(owner);
    return Tensor.floatsOver(memory.map(part * bytes, Math.toIntExact(bytes)));
  }

  private Tensor[] inboxes(SharedMemory memory, int owner, int writer) throws IOException {
    Tensor[] parts = new Tensor[shares.partitionsOf(writer)];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = part(memory, owner, partsBefore(owner, writer) + i);
    }
    return parts;
  }

  /**
   * Makes use of memory of our own.
   *
   * @param peers who has it, too
   */
  void own(SharedMemory memory, List<Integer> peers) throws IOException {
    outbox = new RawBlocks(part(memory, rank, 0));
    for (int peer : peers) {
      Tensor[] parts = inboxes(memory, rank, peer);
      System.arraycopy(parts, 0, inboxes, shares.firstPartition(peer), parts.length);
      open[peer] = true;
    }
  }

  /** Makes use of the memory of another worker. */
  void join(SharedMemory memory, int owner) throws IOException {
    theirOutboxes[owner] = new RawBlocks(part(memory, owner, 0));
    theirInboxes[owner] =
        Arrays.stream(inboxes(memory, owner, rank)).map(RawBlocks::new).toArray(RawBlocks[]::new);
  }

  /** The memory in which another worker's partition arrives; null when that is ours to make. */
  @Nullable Tensor inbox(int partition) {
    return inboxes[partition];
  }

  /** Our slice of the parameters, for those to read whom it {@link #isOpenTo}; null for nobody. */
  @Nullable RawBlocks outbox() {
    return outbox;
  }

  /** Whether another worker writes into our inboxes, and reads our outbox. */
  boolean isOpenTo(int peer) {
    return open[peer];
  }

  /** Where another worker wants our partition's gradient; null when it has to be sent. */
  @Nullable RawBlocks inboxOf(int owner, int partition) {
    RawBlocks[] known = theirInboxes[owner];
    return known.length == 0 ? null : known[partition - shares.firstPartition(rank)];
  }

  /** Where another worker's slice of the parameters is to be read; null when it is sent. */
  @Nullable RawBlocks outboxOf(int owner) {
    return theirOutboxes[owner];
  }

  /** Fills an inbox with the blocks from {@code first} on, and tells of them. */
  static void deliver(DirectLink link, RawBlocks blocks, int first, RawBlocks inbox)
      throws IOException {
    for (int i = 0; i < inbox.count(); i++) {
      inbox.raw(i).put(blocks.raw(first + i));
      if ((i + 1) % BLOCKS == 0 || i + 1 == inbox.count()) {
        tell(link, i + 1);
      }
    }
  }

  /** Tells that so many blocks are there. */
  static void tell(DirectLink link, int blocks) throws IOException {
    // What has been written shall be seen by who sees the number.
    VarHandle.releaseFence();
    link.sendRaw(number().putInt(0, blocks));
  }

  /**
   * Waits until more blocks are there than before.
   *
   * @param all how many there will be
   */
  static int hear(DirectLink link, int before, int all) throws IOException {
    ByteBuffer number = number();
    link.receiveRaw(number);
    VarHandle.acquireFence();
    int blocks = number.getInt(0);
    if (blocks <= before || blocks > all) {
      throw new IOException("%d blocks of %d after %d".formatted(blocks, all, before));
    }
    return blocks;
  }

  private static ByteBuffer number() {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
  }
}
