package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.Optimizer;
import org.wordmill.train.BatchSum;
import org.wordmill.train.HeldBack;
import org.wordmill.train.ModelWorkspace;
import org.wordmill.train.TopK;
import org.wordmill.train.VectorBlocks;

/**
 * What one worker of a team computes: the gradients of its partitions, and, for the slice of the
 * flat vector that it owns, sum and update. It keeps all parameters, and of the optimizer's state
 * its slice only (ZeRO-1). Memory beside that of a task: a slice for every partition of the others,
 * for each state vector, and for what is {@link DirectMemory shared}; with several partitions a
 * gradient for each; and what {@link HeldBack} takes for each partition where it is used.
 *
 * <p>Source: Rajbhandari and others, ZeRO: Memory Optimizations Toward Training Trillion Parameter
 * Models, stage 1.
 */
final class DirectPart {
  private final ExecutorShare share;
  private final int rank;
  private final DirectShares shares;
  private final ModelWorkspace workspace;
  private final Kernels kernels;
  private final DirectExchange exchange;
  private final RawBlocks[] gradients;
  private final List<HeldBack> heldBack = new ArrayList<>();
  private final @Nullable Optimizer optimizer;
  private final List<Tensor> slices = new ArrayList<>();
  private long round;

  DirectPart(
      DirectTask task,
      int rank,
      DirectShares shares,
      DirectMemory memory,
      DirectPeers peers,
      ModelWorkspace workspace) {
    this.share = ExecutorShare.of(task.spec());
    this.rank = rank;
    this.shares = shares;
    this.workspace = workspace;
    Tensor values = workspace.values().flat();
    this.kernels = task.spec().config().kernels().create(Precision.FLOAT);
    int own = shares.elementsOf(rank);
    List<String> state = task.spec().config().optimization().rule().stateNames();
    int mine = shares.partitionsOf(rank);
    TopK topK = task.spec().config().topK();
    long whole = (mine > 1 ? mine : 0) + (topK.isPresent() ? HeldBack.VECTORS * mine : 0);
    int vectors = shares.partitions() - mine + state.size() + (memory.outbox() == null ? 0 : 1);
    long elements = (long) own * vectors + whole * values.size();
    OffHeapMemory.require(elements * Float.BYTES, "a worker's part of sync = direct", kernels);
    List<Tensor> wholes = new ArrayList<>();
    for (int i = 0; i < mine; i++) {
      if (topK.isPresent()) {
        heldBack.add(new HeldBack(topK, kernels, values.size()));
      }
      Tensor gradient = workspace.gradients().flat();
      wholes.add(mine == 1 ? gradient : kernels.zeros(Math.toIntExact(gradient.size())));
    }
    this.gradients = wholes.stream().map(RawBlocks::new).toArray(RawBlocks[]::new);
    this.exchange =
        new DirectExchange(rank, shares, memory, peers, kernels, values, topK.isPresent());
    Tensor sum = null;
    if (own > 0) {
      // Where the first partition's gradient lies, or comes to lie.
      sum = rank == 0 ? wholes.get(0).view(shares.from(rank), own) : exchange.inbox(0);
    }
    this.optimizer =
        sum == null
            ? null
            : new Optimizer(
                task.spec().config().optimization().rule(),
                kernels,
                workspace.values(),
                sum,
                shares.from(rank),
                shares.from(rank + 1));
    if (optimizer != null) {
      slices.add(values.view(shares.from(rank), own));
      slices.addAll(optimizer.state().values());
    }
  }

  /** Takes its slices over from the leader, and the other parameters from the peers. */
  void restore(DirectLink leader, long updates) throws IOException, InterruptedException {
    for (ByteBuffer slice : slices()) {
      leader.receiveRaw(slice);
    }
    if (optimizer != null) {
      optimizer.resumeAfter(updates);
    }
    exchange.beginGather(++round);
    exchange.spread(shares.firstBlock(rank), shares.firstBlock(rank + 1));
    exchange.endGather();
  }

  /** The worker's slice of parameters and of each state vector, as they lie in memory. */
  List<ByteBuffer> slices() {
    List<ByteBuffer> raw = new ArrayList<>();
    for (Tensor slice : slices) {
      RawBlocks blocks = new RawBlocks(slice);
      raw.addAll(Arrays.asList(blocks.raw(0, blocks.count())));
    }
    return raw;
  }

  /** The gradients of the worker's partitions, and the sum of all partitions in its slice. */
  DirectSums gradient(long step) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    exchange.begin(step);
    BatchSum[] sums = new BatchSum[gradients.length];
    double inputSeconds = 0;
    for (int i = 0; i < sums.length; i++) {
      int partition = shares.firstPartition(rank) + i;
      sums[i] = share.trainingStep().run(workspace, step, partition);
      inputSeconds += workspace.inputSeconds();
      if (!heldBack.isEmpty()) {
        heldBack.get(i).select(step, workspace.gradients().flat());
      }
      if (sums.length > 1) {
        keep(gradients[i]);
      }
      exchange.send(step, partition, gradients[i]);
    }
    double seconds = secondsSince(begin);
    List<Double> squares = exchange.addUp();
    return new DirectSums(Arrays.asList(sums), seconds, inputSeconds, squares);
  }

  /** Copies a gradient, because the next one overwrites it. */
  private void keep(RawBlocks kept) {
    VectorBlocks blocks = new VectorBlocks(workspace.gradients().flat());
    for (int i = 0; i < kept.count(); i++) {
      kept.block(i).copyFrom(blocks.block(i));
    }
  }

  /** Updates its slice by the last gradient, and spreads it, block by block. */
  void update(double gradientScale, double rate) throws IOException, InterruptedException {
    heldBack.forEach(HeldBack::commit);
    exchange.beginGather(++round);
    if (optimizer != null) {
      optimizer.begin();
      int sent = shares.firstBlock(rank);
      for (int piece = 0; piece < optimizer.pieces(); piece++) {
        optimizer.apply(kernels, piece, piece + 1, gradientScale, rate);
        int done = (int) (optimizer.end(piece) / VectorBlocks.SIZE);
        exchange.spread(sent, done);
        sent = Math.max(sent, done);
      }
      exchange.spread(sent, shares.firstBlock(rank + 1));
    }
    exchange.endGather();
  }

  /** The losses on the validation text. */
  DirectSums validate() {
    long begin = System.nanoTime();
    BatchSum[] sums = new BatchSum[gradients.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = share.evaluationStep().run(workspace, shares.firstPartition(rank) + i);
    }
    return new DirectSums(Arrays.asList(sums), secondsSince(begin), 0, List.of());
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) * 1e-9;
  }
}
