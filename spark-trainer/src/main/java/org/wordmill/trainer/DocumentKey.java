package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Serializable;
import java.util.Comparator;

/**
 * Where a document comes among all that are shuffled.
 *
 * @param order drawn by the seed, unsigned
 * @param place the document's own: the number of its split, and of it in the split; negative for
 *     what is no document
 */
record DocumentKey(long order, long place) implements Comparable<DocumentKey>, Serializable {
  private static final Comparator<DocumentKey> COMPARATOR =
      ((Comparator<DocumentKey>) (a, b) -> Long.compareUnsigned(a.order, b.order))
          .thenComparingLong(DocumentKey::place);

  /** Which of {@code parts} equal parts of all orders this one is in. */
  int part(int parts) {
    // The high half of the unsigned product.
    return (int) (Math.multiplyHigh(order, parts) + (order < 0 ? parts : 0));
  }

  @Override
  public int compareTo(DocumentKey other) {
    return COMPARATOR.compare(this, other);
  }

  void write(Output output) {
    output.writeLong(order);
    output.writeLong(place);
  }

  static DocumentKey read(Input input) {
    return new DocumentKey(input.readLong(), input.readLong());
  }
}
