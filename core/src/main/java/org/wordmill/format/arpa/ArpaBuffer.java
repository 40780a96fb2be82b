package org.wordmill.format.arpa;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array of bytes that lines of an ARPA file are written into, without strings: what a
 * task of a cluster fills and hands to its output. Numbers do not depend on the locale.
 *
 * <p>One buffer belongs to one thread.
 */
public final class ArpaBuffer {
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
   * Appends one entry of an order below the highest whose parts are already text, for those who
   * have them from other entries.
   *
   * @param ngram holds the words, one space between two, in {@code [0, length)}
   * @param log10Backoff a number as {@link #number} writes it
   */
  public ArpaBuffer entry(float log10Probability, byte[] ngram, int length, byte[] log10Backoff) {
    ensure(Decimal.MAX_LENGTH + length + log10Backoff.length + 3);
    probabilityAndText(log10Probability, ngram, length);
    bytes[this.length++] = '\t';
    System.arraycopy(log10Backoff, 0, bytes, this.length, log10Backoff.length);
    this.length += log10Backoff.length;
    bytes[this.length++] = '\n';
    return this;
  }

  /** Appends one entry of the highest order, whose words {@code ngram[0, length)} are text. */
  public ArpaBuffer entry(float log10Probability, byte[] ngram, int length) {
    ensure(Decimal.MAX_LENGTH + length + 2);
    probabilityAndText(log10Probability, ngram, length);
    bytes[this.length++] = '\n';
    return this;
  }

  private void probabilityAndText(float log10Probability, byte[] ngram, int size) {
    length = Decimal.write(log10Probability, bytes, length);
    bytes[length++] = '\t';
    System.arraycopy(ngram, 0, bytes, length, size);
    length += size;
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
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
