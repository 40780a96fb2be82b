package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * A block of a gradient most of whose elements are zero, on its way to another worker. In native
 * byte order:
 *
 * <pre>
 * n, int     n indices, ints, ascending     n elements, floats     where 2 n is below the block's size
 * -1, int    all elements, floats                                  otherwise
 * </pre>
 *
 * <p>An element is left out when all its bits are zero, so that the block arrives as it was.
 */
final class SparseBlock {
  private static final int ALL = -1;

  private SparseBlock() {}

  /**
   * @param block the elements as they lie in memory, 32-bit floats
   */
  static void send(DirectLink link, ByteBuffer block) throws IOException {
    IntBuffer elements = ints(block);
    int size = elements.limit();
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += elements.get(i) == 0 ? 0 : 1;
    }
    boolean sparse = 2L * count < size;
    ByteBuffer message = bytes(Integer.BYTES + (sparse ? 2 * count * Integer.BYTES : 0));
    message.putInt(sparse ? count : ALL);
    if (sparse) {
      int values = Integer.BYTES * (1 + count);
      for (int i = 0; i < size; i++) {
        if (elements.get(i) != 0) {
          message.putInt(i).putInt(values, elements.get(i));
          values += Integer.BYTES;
        }
      }
    }
    link.sendRaw(message.rewind());
    if (!sparse) {
      link.sendRaw(block);
    }
  }

  /**
   * @param block where the elements go, all of them
   */
  static void receive(DirectLink link, ByteBuffer block) throws IOException {
    ByteBuffer header = bytes(Integer.BYTES);
    link.receiveRaw(header);
    int count = header.getInt(0);
    if (count == ALL) {
      link.receiveRaw(block);
      return;
    }
    IntBuffer elements = ints(block);
    int size = elements.limit();
    if (count < 0 || count > size) {
      throw new IOException("a block of " + size + " elements with " + count + " of them");
    }
    ByteBuffer message = bytes(2 * count * Integer.BYTES);
    link.receiveRaw(message);
    int next = 0;
    for (int i = 0; i < count; i++) {
      int index = message.getInt(i * Integer.BYTES);
      if (index < next || index >= size) {
        throw new IOException("element " + index + " of a block of " + size + " after " + next);
      }
      while (next < index) {
        elements.put(next++, 0);
      }
      elements.put(next++, message.getInt((count + i) * Integer.BYTES));
    }
    while (next < size) {
      elements.put(next++, 0);
    }
  }

  private static IntBuffer ints(ByteBuffer block) {
    return block.duplicate().order(ByteOrder.nativeOrder()).asIntBuffer();
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }
}
