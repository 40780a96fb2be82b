package org.wordmill.format.arpa;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array of bytes that lines of an ARPA file are written into, without strings: what a
 * task of a cluster fills and hands to its output. Numbers do not depend on the locale.
 *
 * <p>One buffer belongs to one thread.
 */
public final class ArpaBuffer {
  /** Bytes after those that are written, which may be written over. */
  private static final int SLACK = Long.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1 << 12];
  private int length;

  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes of {@link #bytes} are written. */
  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
  }

  /** The bytes written, copied. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Appends what stands before the first n-gram: {@code counts[k-1]} n-grams of order k. */
  public ArpaBuffer header(long[] counts) {
    text("\\data\\\n");
    for (int order = 1; order <= counts.length; order++) {
      text("ngram " + order + "=" + counts[order - 1] + "\n");
    }
    return text("\n");
  }

  /** Appends the line before the n-grams of an order. */
  public ArpaBuffer beginOrder(int order) {
    return text("\\" + order + "-grams:\n");
  }

  /** Appends the blank line after the n-grams of an order. */
  public ArpaBuffer endOrder() {
    return text("\n");
  }

  /** Appends the last line. */
  public ArpaBuffer end() {
    return text("\\end\\\n");
  }

  /**
   * Appends one entry of an order below the highest.
   *
   * @param words the n-gram, {@code words[ids[from + i]]} in UTF-8 for i in [0, order)
   */
  public ArpaBuffer entry(
      float log10Probability, byte[][] words, int[] ids, int from, int order, float log10Backoff) {
    probabilityAndWords(log10Probability, words, ids, from, order);
    put((byte) '\t');
    number(log10Backoff);
    put((byte) '\n');
    return this;
  }

  /** Appends one entry of the highest order, which has no back-off. */
  public ArpaBuffer entry(float log10Probability, byte[][] words, int[] ids, int from, int order) {
    probabilityAndWords(log10Probability, words, ids, from, order);
    put((byte) '\n');
    return this;
  }

  /**
   * Begins an entry whose words are already text, as those have it who walk from an n-gram to those
   * that end in it. The words are the last that is written: so they can be found again.
   *
   * @param first holds the first word at {@code [firstFrom, firstFrom + firstLength)}
   * @param rest holds the other words, one space between two, at {@code [restFrom, restFrom +
   *     restLength)}
   */
  public void beginEntry(
      float log10Probability,
      byte[] first,
      int firstFrom,
      int firstLength,
      byte[] rest,
      int restFrom,
      int restLength) {
    ensure(Decimal.MAX_LENGTH + firstLength + restLength + 2);
    length = Decimal.write(log10Probability, bytes, length);
    bytes[length++] = '\t';
    copy(first, firstFrom, firstLength);
    bytes[length++] = ' ';
    copy(rest, restFrom, restLength);
  }

  /** Ends an entry of the highest order. */
  public void endEntry() {
    put((byte) '\n');
  }

  /**
   * Ends an entry of an order below the highest.
   *
   * @param log10Backoff a number as {@link #number} writes it
   */
  public void endEntry(byte[] log10Backoff) {
    ensure(log10Backoff.length + 2);
    bytes[length++] = '\t';
    copy(log10Backoff, 0, log10Backoff.length);
    bytes[length++] = '\n';
  }

  /**
   * Copies a few bytes, for which there is room: eight at a time, which may be more than there are,
   * and are written over later. A call for so few takes longer than the copy.
   */
  private void copy(byte[] source, int from, int count) {
    byte[] target = bytes;
    int at = length;
    if (source.length - from < count + SLACK) {
      System.arraycopy(source, from, target, at, count);
    } else {
      for (int i = 0; i < count; i += Long.BYTES) {
        LONGS.set(target, at + i, (long) LONGS.get(source, from + i));
      }
    }
    length = at + count;
  }

  private void probabilityAndWords(
      float log10Probability, byte[][] words, int[] ids, int from, int order) {
    number(log10Probability);
    for (int i = 0; i < order; i++) {
      put((byte) (i == 0 ? '\t' : ' '));
      put(words[ids[from + i]]);
    }
  }

  /**
   * Appends a number with the fewest digits that read back as the same float. Minus infinity, which
   * the format cannot say, is -99, as all tools have it.
   */
  public ArpaBuffer number(float value) {
    ensure(Decimal.MAX_LENGTH);
    length = Decimal.write(value, bytes, length);
    return this;
  }

  private ArpaBuffer text(String text) {
    put(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  private void put(byte b) {
    ensure(1);
    bytes[length++] = b;
  }

  private void put(byte[] more) {
    ensure(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  private void ensure(int more) {
    if (bytes.length - length < more + SLACK) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more + SLACK));
    }
  }
}
