package org.wordmill.kernel;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Zeros off the heap, freed when nothing refers to them. Of a large piece the operating system
 * makes a page when a thread first touches it: threads that share a vector out share that work out
 * too, and have their pages near (on a machine of several memory nodes). ND4J's own allocation
 * writes every page first, on one thread.
 */
final class ZeroedPointer extends BytePointer {

  /**
   * @throws OutOfMemoryError when the operating system has no such room
   */
  ZeroedPointer(long bytes) {
    super((Pointer) null);
    Pointer memory = calloc(1, Math.max(1, bytes));
    if (isNull(memory)) {
      throw new OutOfMemoryError("no room for " + OffHeapMemory.readable(bytes) + " off the heap");
    }
    this.address = memory.address();
    this.limit = bytes;
    this.capacity = bytes;
    deallocator(() -> free(memory));
  }
}
