package org.wordmill.format.arpa;

/**
 * N-grams of one order that follow each other in an ARPA file. They come in batches, so that a sink
 * can look many up at a time, whose reads from memory do not wait for each other.
 */
public final class ArpaBatch {
  /** How many n-grams a batch has at most. */
  public static final int CAPACITY = 1 << 12;

  private final int order;
  private final int[] words;
  private final float[] log10Probabilities = new float[CAPACITY];
  private final float[] log10Backoffs = new float[CAPACITY];
  private final long[] lines = new long[CAPACITY];
  private int size;

  ArpaBatch(int order) {
    this.order = order;
    words = new int[CAPACITY * order];
  }

  /** How many words each n-gram has. */
  public int order() {
    return order;
  }

  public int size() {
    return size;
  }

  /** Word j of n-gram i. */
  public int word(int i, int j) {
    return words[i * order + j];
  }

  public float log10Probability(int i) {
    return log10Probabilities[i];
  }

  /** 0 in the highest order. */
  public float log10Backoff(int i) {
    return log10Backoffs[i];
  }

  /** Puts the words of n-gram i where they are expected, {@code out[0..order)}. */
  void words(int i, int[] out) {
    System.arraycopy(words, i * order, out, 0, order);
  }

  /** The number of the line of n-gram i. */
  long line(int i) {
    return lines[i];
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  /** Sets word j of the n-gram that {@link #add} will add. */
  void setWord(int j, int word) {
    words[size * order + j] = word;
  }

  void add(float log10Probability, float log10Backoff, long line) {
    log10Probabilities[size] = log10Probability;
    log10Backoffs[size] = log10Backoff;
    lines[size] = line;
    size++;
  }

  void clear() {
    size = 0;
  }
}
