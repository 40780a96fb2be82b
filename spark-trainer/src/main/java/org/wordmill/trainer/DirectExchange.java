package org.wordmill.trainer;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * How the gradients of all partitions are added up, and updated parameters are spread, between the
 * workers of a team, for one of them: reduce-scatter and all-gather. A worker adds up its own slice
 * only, block by block as soon as a block has come from everywhere, in the order of the partitions.
 */
final class DirectExchange {
  private final int rank;
  private final DirectShares shares;
  private final DirectMemory memory;
  private final DirectPeers peers;
  private final Kernels kernels;
  private final RawBlocks values;
  private final int blocks;
  private final boolean sparse;

  /** By partition: for own ones the whole gradient, for others what they sent of our slice. */
  private final @Nullable RawBlocks[] gradients;

  /** By partition: blocks of our slice that are there. */
  private final int[] arrived;

  private @Nullable IOException lost;

  /**
   * @param memory what it shares with workers of its machine; others it sends to and receives from
   * @param values the worker's parameters
   * @param sparse whether most elements of gradients are zero, and left out
   */
  DirectExchange(
      int rank,
      DirectShares shares,
      DirectMemory memory,
      DirectPeers peers,
      Kernels kernels,
      Tensor values,
      boolean sparse) {
    this.rank = rank;
    this.shares = shares;
    this.memory = memory;
    this.peers = peers;
    this.kernels = kernels;
    this.values = new RawBlocks(values);
    this.blocks = shares.blocksOf(rank);
    this.sparse = sparse;
    this.gradients = new RawBlocks[shares.partitions()];
    this.arrived = new int[shares.partitions()];
    for (int partition = 0; partition < gradients.length && blocks > 0; partition++) {
      if (!isOwn(partition)) {
        Tensor shared = memory.inbox(partition);
        gradients[partition] =
            new RawBlocks(shared == null ? kernels.zeros(shares.elementsOf(rank)) : shared);
      }
    }
  }

  private boolean isOwn(int partition) {
    return partition >= shares.firstPartition(rank) && partition < shares.firstPartition(rank + 1);
  }

  /** Where our slice of the gradient of another worker's partition arrives. */
  Tensor inbox(int partition) {
    return gradient(partition).vector();
  }

  /** Begins to receive the slices of other workers' gradients of a step. */
  void begin(long step) {
    synchronized (arrived) {
      Arrays.fill(arrived, 0);
    }
    for (int peer = 0; peer < shares.workers() && blocks > 0; peer++) {
      if (peer != rank) {
        int from = shares.firstPartition(peer);
        int to = shares.firstPartition(peer + 1);
        boolean shared = memory.isOpenTo(peer) && !sparse;
        peers.receiving(peer, link -> receive(link, step, from, to, shared));
      }
    }
  }

  private void receive(DirectLink link, long step, int from, int to, boolean shared)
      throws IOException {
    try {
      for (int partition = from; partition < to; partition++) {
        require(link.receive(DirectMessage.REDUCE), step, partition);
        RawBlocks slice = gradient(partition);
        for (int there = 0; there < blocks; ) {
          if (shared) {
            there = DirectMemory.hear(link, there, blocks);
          } else {
            receive(link, slice.raw(there));
            there++;
          }
          arrived(partition, there);
        }
      }
    } catch (IOException e) {
      lose(e);
      throw e;
    }
  }

  private void receive(DirectLink link, ByteBuffer block) throws IOException {
    if (sparse) {
      SparseBlock.receive(link, block);
    } else {
      link.receiveRaw(block);
    }
  }

  /** Both ends count alike, so this fails only when one of them does not do what it should. */
  private static void require(DataInputStream header, long round, int partition)
      throws IOException {
    long theirRound = header.readLong();
    int theirPartition = header.readInt();
    if (theirRound != round || theirPartition != partition) {
      throw new IOException(
          "it is at %d of partition %d, and not at %d of %d"
              .formatted(theirRound, theirPartition, round, partition));
    }
  }

  private RawBlocks gradient(int partition) {
    RawBlocks gradient = gradients[partition];
    if (gradient == null) {
      throw new IllegalStateException("partition " + partition + " has no gradient yet");
    }
    return gradient;
  }

  private void arrived(int partition, int count) {
    synchronized (arrived) {
      arrived[partition] = count;
      arrived.notifyAll();
    }
  }

  private void lose(IOException e) {
    synchronized (arrived) {
      lost = e;
      arrived.notifyAll();
    }
  }

  private void await(int partition, int count) throws IOException, InterruptedException {
    synchronized (arrived) {
      while (lost == null && arrived[partition] < count) {
        arrived.wait();
      }
      if (lost != null) {
        throw new IOException("a gradient of another worker does not come", lost);
      }
    }
  }

  /**
   * Sends the slices of an own partition's gradient to those who own them.
   *
   * @param gradient all of it, which must keep its values until the end of the exchange
   */
  void send(long step, int partition, RawBlocks gradient) {
    gradients[partition] = gradient;
    for (int i = 1; i < shares.workers(); i++) {
      // Not all at once to the same one.
      int peer = (rank + i) % shares.workers();
      if (shares.blocksOf(peer) > 0) {
        peers.sending(peer, link -> send(link, peer, step, partition, gradient));
      }
    }
  }

  private void send(DirectLink link, int peer, long step, int partition, RawBlocks gradient)
      throws IOException {
    link.send(
        DirectMessage.REDUCE,
        header -> {
          header.writeLong(step);
          header.writeInt(partition);
        });
    RawBlocks inbox = sparse ? null : memory.inboxOf(peer, partition);
    if (inbox != null) {
      DirectMemory.deliver(link, gradient, shares.firstBlock(peer), inbox);
      return;
    }
    for (int i = shares.firstBlock(peer); i < shares.firstBlock(peer + 1); i++) {
      if (sparse) {
        SparseBlock.send(link, gradient.raw(i));
      } else {
        link.sendRaw(gradient.raw(i));
      }
    }
  }

  /**
   * Adds up the worker's slice, in the memory of the first partition's, which saves a pass over it.
   *
   * @return the sum of squares of each of its blocks
   */
  List<Double> addUp() throws IOException, InterruptedException {
    List<Double> squares = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      Tensor total = block(0, i);
      for (int partition = 1; partition < shares.partitions(); partition++) {
        kernels.addScaled(block(partition, i), 1, total);
      }
      squares.add(kernels.sumOfSquares(total));
    }
    peers.finish();
    return squares;
  }

  /** Block {@code i} of our slice of a partition's gradient, when it is there. */
  private Tensor block(int partition, int i) throws IOException, InterruptedException {
    if (isOwn(partition)) {
      return gradient(partition).block(shares.firstBlock(rank) + i);
    }
    await(partition, i + 1);
    return gradient(partition).block(i);
  }

  /** Begins to receive and to send slices of the parameters, the own one with {@link #spread}. */
  void beginGather(long round) {
    for (int peer = 0; peer < shares.workers(); peer++) {
      int from = shares.firstBlock(peer);
      int to = shares.firstBlock(peer + 1);
      RawBlocks outbox = memory.outboxOf(peer);
      if (peer != rank && from < to) {
        peers.receiving(
            peer,
            link -> {
              require(link.receive(DirectMessage.GATHER), round, from);
              gather(link, outbox, from, to);
            });
      }
    }
    if (blocks > 0) {
      int first = shares.firstBlock(rank);
      toAll(
          (peer, link) ->
              link.send(
                  DirectMessage.GATHER,
                  header -> {
                    header.writeLong(round);
                    header.writeInt(first);
                  }));
    }
  }

  private void gather(DirectLink link, @Nullable RawBlocks outbox, int from, int to)
      throws IOException {
    for (int next = from; next < to; ) {
      if (outbox == null) {
        link.receiveRaw(values.raw(next++));
        continue;
      }
      int there = from + DirectMemory.hear(link, next - from, to - from);
      while (next < there) {
        values.raw(next).put(outbox.raw(next - from));
        next++;
      }
    }
  }

  /** Sends the blocks [from, to) of the own slice of the parameters to all others. */
  void spread(int from, int to) {
    if (from == to) {
      return;
    }
    int first = shares.firstBlock(rank);
    RawBlocks outbox = memory.outbox();
    for (int i = from; i < to && outbox != null; i++) {
      outbox.raw(i - first).put(values.raw(i));
    }
    toAll(
        (peer, link) -> {
          if (memory.isOpenTo(peer)) {
            DirectMemory.tell(link, to - first);
            return;
          }
          for (int i = from; i < to; i++) {
            link.sendRaw(values.raw(i));
          }
        });
  }

  private interface WorkForPeer {
    void on(int peer, DirectLink link) throws IOException;
  }

  private void toAll(WorkForPeer work) {
    for (int i = 1; i < shares.workers(); i++) {
      int peer = (rank + i) % shares.workers();
      peers.sending(peer, link -> work.on(peer, link));
    }
  }

  /** Waits until all parameters are there, and have been sent. */
  void endGather() throws IOException, InterruptedException {
    peers.finish();
  }
}
