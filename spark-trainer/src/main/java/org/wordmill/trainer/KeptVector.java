package org.wordmill.trainer;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.GradientPrecision;

/**
 * A flat vector that some processes of the application keep for the others, slice by slice, in
 * {@link StepBlocks}.
 *
 * @param name unlike that of the other vectors of the same blocks; letters, digits and underscores,
 *     since no other block can be asked for at another process
 * @param size elements
 * @param slice elements of a slice, but for the last one
 * @param precision that its elements have, and are sent in
 */
record KeptVector(StepBlocks blocks, String name, int size, int slice, GradientPrecision precision)
    implements Serializable {
  /** Elements of a slice at most, 4 MiB: some to be on their way while others are read. */
  static final int SLICE = 1 << 20;

  private static final Pattern NAME = Pattern.compile("\\w+");

  /** Slices that are asked for at once, so that processes can have them from each other. */
  static final int AT_ONCE = 8;

  /** Held while parameters come, so that the tasks of a process do not all ask for them. */
  private static final Object COMING = new Object();

  KeptVector {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("Spark does not know a block by the name " + name);
    }
  }

  /** One for the 32-bit floats of {@code flat}. */
  static KeptVector of(StepBlocks blocks, String name, Tensor flat) {
    return new KeptVector(
        blocks, name, Math.toIntExact(flat.size()), SLICE, GradientPrecision.FLOAT);
  }

  /** The number of slices. */
  int slices() {
    return slices(size, slice);
  }

  /** The number of slices of so many elements. */
  static int slices(int size, int slice) {
    return (size - 1) / slice + 1;
  }

  /** The first element of a slice. */
  int from(int number) {
    return number * slice;
  }

  /** The elements of a slice. */
  int length(int number) {
    return Math.min(slice, size - from(number));
  }

  /** The slice of a vector that is as long as this one. */
  Tensor slice(Tensor flat, int number) {
    return flat.view(from(number), length(number));
  }

  private BroadcastBlockId block(int number) {
    return blocks.block(name, number);
  }

  /**
   * Keeps the elements of {@code flat} in this process.
   *
   * @param tell whether the driver is told, so that every process finds them
   */
  void keep(Tensor flat, boolean tell) {
    for (int number = 0; number < slices(); number++) {
      StepBlocks.put(block(number), SliceBytes.of(slice(flat, number), precision), tell);
    }
  }

  /**
   * Has this process keep the elements of {@code flat} where they lie, if they lie on the host, and
   * tells the driver, so that every process finds them.
   *
   * @param flat to change only when nobody wants this vector any more
   */
  void lend(Tensor flat) {
    for (int number = 0; number < slices(); number++) {
      Tensor slice = slice(flat, number);
      if (SliceBytes.isRaw(slice, precision)) {
        StepBlocks.lend(block(number), slice);
      } else {
        StepBlocks.put(block(number), SliceBytes.of(slice, precision), true);
      }
    }
  }

  /**
   * Keeps a slice in this process, without telling the driver.
   *
   * @param bytes its elements, to be changed by nobody afterwards
   */
  void keep(int number, ByteBuffer bytes) {
    StepBlocks.put(block(number), bytes, false);
  }

  /**
   * Reads slices that {@code place} keeps.
   *
   * @param wanted slices
   * @param reader given each by its number in the vector, one at a time
   * @throws IOException when one cannot be had; others may have been read
   */
  void read(BlockManagerId place, List<Integer> wanted, StepBlocks.Reader reader)
      throws IOException, InterruptedException {
    StepBlocks.read(
        place,
        wanted.stream().map(this::block).toList(),
        (number, parts) -> reader.read(wanted.get(number), parts));
  }

  /**
   * Copies all elements to {@code flat}. Slices that this process does not keep yet come from one
   * of those that do, and are kept here, too, for others; so many processes do not all have them
   * from the driver.
   *
   * @param lend whether they are kept where they lie in {@code flat}, if that is on the host, which
   *     then changes only when nobody wants this vector any more; else a copy is kept
   * @throws IOException when the vector has gone away
   */
  void copyTo(Tensor flat, boolean lend) throws IOException, InterruptedException {
    BitSet missing = new BitSet(slices());
    missing.set(0, slices());
    copyKept(missing, flat);
    if (missing.isEmpty()) {
      return;
    }
    synchronized (COMING) {
      // Another task may have brought them meanwhile.
      copyKept(missing, flat);
      List<Integer> order = new ArrayList<>(missing.stream().boxed().toList());
      // Processes that begin together ask for different ones first.
      Collections.shuffle(order, ThreadLocalRandom.current());
      for (int from = 0; from < order.size(); from += AT_ONCE) {
        bring(order.subList(from, Math.min(order.size(), from + AT_ONCE)), flat, lend);
      }
    }
  }

  /** {@link #copyTo} in a task, which fails when the vector has gone away, or when it is killed. */
  void copyInTask(Tensor flat, boolean lend) {
    try {
      copyTo(flat, lend);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the task was killed, because nobody wants its result", e);
    }
  }

  private void copyKept(BitSet missing, Tensor flat) throws IOException {
    for (int slice = missing.nextSetBit(0); slice >= 0; slice = missing.nextSetBit(slice + 1)) {
      Tensor target = slice(flat, slice);
      if (StepBlocks.readHere(
          block(slice), (zero, parts) -> SliceBytes.read(parts[0], target, precision))) {
        missing.clear(slice);
      }
    }
  }

  private void bring(List<Integer> wanted, Tensor flat, boolean lend)
      throws IOException, InterruptedException {
    List<List<BlockManagerId>> places =
        StepBlocks.places(wanted.stream().map(this::block).toList());
    Map<BlockManagerId, List<Integer>> byPlace = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      List<BlockManagerId> all =
          places.get(i).stream().filter(place -> !place.equals(StepBlocks.here())).toList();
      if (all.isEmpty()) {
        throw new IOException("the " + name + " of a step that is over have gone away");
      }
      BlockManagerId place = all.get(ThreadLocalRandom.current().nextInt(all.size()));
      byPlace.computeIfAbsent(place, p -> new ArrayList<>()).add(wanted.get(i));
    }
    for (Map.Entry<BlockManagerId, List<Integer>> entry : byPlace.entrySet()) {
      Map<Integer, ByteBuffer> come =
          received(entry.getKey(), entry.getValue(), places.get(0), flat);
      // In the task's own thread: where tensors lie on a device they belong to it.
      for (Map.Entry<Integer, ByteBuffer> slice : come.entrySet()) {
        keep(slice.getKey(), slice.getValue(), slice(flat, slice.getKey()), lend);
      }
    }
  }

  /**
   * Slices from {@code place}, or where that is lost, from the driver, who has all; in {@code flat}
   * where they can lie there as they come, and otherwise in buffers of their own.
   */
  private Map<Integer, ByteBuffer> received(
      BlockManagerId place, List<Integer> wanted, List<BlockManagerId> others, Tensor flat)
      throws IOException, InterruptedException {
    Map<Integer, ByteBuffer> come = new ConcurrentHashMap<>();
    StepBlocks.Reader receiver =
        (slice, parts) -> {
          Tensor target = slice(flat, slice);
          ByteBuffer bytes =
              SliceBytes.isRaw(target, precision)
                  ? target.raw()
                  : ByteBuffer.allocateDirect(length(slice) * SliceBytes.width(precision));
          SliceBytes.join(parts, bytes);
          SliceBytes.require(bytes.remaining(), length(slice), precision);
          come.put(slice, bytes);
        };
    try {
      read(place, wanted, receiver);
    } catch (IOException e) {
      BlockManagerId driver =
          others.stream().filter(BlockManagerId::isDriver).findFirst().orElseThrow(() -> e);
      read(driver, wanted.stream().filter(slice -> !come.containsKey(slice)).toList(), receiver);
    }
    return come;
  }

  /** Keeps a slice that has come for others, and has it in {@code target}, too. */
  private void keep(int number, ByteBuffer come, Tensor target, boolean lend) throws IOException {
    if (!SliceBytes.isRaw(target, precision)) {
      SliceBytes.read(come.duplicate(), target, precision);
      StepBlocks.put(block(number), come, true);
    } else if (lend) {
      StepBlocks.lend(block(number), target);
    } else {
      StepBlocks.put(block(number), SliceBytes.of(target, precision), true);
    }
  }
}
