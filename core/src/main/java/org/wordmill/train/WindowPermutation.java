package org.wordmill.train;

/**
 * A permutation of 0..size-1 drawn by a seed, computed element by element: no table, so the order
 * of a billion windows costs nothing to know and any place in it can be asked for at once.
 *
 * <p>A balanced Feistel network of {@value #ROUNDS} rounds permutes the smallest power of four that
 * holds {@code size}; an image outside the range is permuted again until it falls inside (cycle
 * walking), on average fewer than four times. Source: Black and Rogaway, Ciphers with arbitrary
 * finite domains.
 */
final class WindowPermutation {
  private static final int ROUNDS = 6;

  private final long size;
  private final long seed;
  private final int halfBits;
  private final long halfMask;

  WindowPermutation(long size, long seed) {
    if (size < 1) {
      throw new IllegalArgumentException("a permutation needs at least one element, got " + size);
    }
    this.size = size;
    this.seed = seed;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    this.halfMask = (1L << halfBits) - 1;
  }

  /** The element at place {@code index}. */
  long at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index + " in a permutation of " + size);
    }
    long image = index;
    do {
      image = permute(image);
    } while (image >= size);
    return image;
  }

  private long permute(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (Seeds.mix(seed, round, right) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
