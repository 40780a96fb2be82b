package org.wordmill.train;

import java.util.Objects;

/** Token ids in memory, two bytes each when they fit, else four. */
public final class TokenArray implements Tokens {
  private static final int NARROW_LIMIT = 1 << Character.SIZE;

  private final char[] narrow;
  private final int[] wide;

  private TokenArray(char[] narrow, int[] wide) {
    this.narrow = narrow;
    this.wide = wide;
  }

  /** A copy of {@code ids}, none of them negative. */
  public static TokenArray of(int... ids) {
    int largest = 0;
    for (int id : ids) {
      if (id < 0) {
        throw new IllegalArgumentException("a token id must not be negative, got " + id);
      }
      largest = Math.max(largest, id);
    }
    return largest < NARROW_LIMIT
        ? new TokenArray(narrowed(ids), new int[0])
        : new TokenArray(new char[0], ids.clone());
  }

  private static char[] narrowed(int[] ids) {
    char[] narrow = new char[ids.length];
    for (int i = 0; i < ids.length; i++) {
      narrow[i] = (char) ids[i];
    }
    return narrow;
  }

  @Override
  public long size() {
    return Math.max(narrow.length, wide.length);
  }

  @Override
  public void copy(long from, int[] into, int offset, int length) {
    int start = (int) Objects.checkFromIndexSize(from, length, size());
    if (wide.length > 0) {
      System.arraycopy(wide, start, into, offset, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      into[offset + i] = narrow[start + i];
    }
  }
}
