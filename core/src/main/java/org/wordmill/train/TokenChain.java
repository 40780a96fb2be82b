package org.wordmill.train;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Several token sequences, one after the other, as one: the shards of a corpus. */
public final class TokenChain implements Tokens {
  private final List<Tokens> parts;
  private final long[] starts;

  public TokenChain(List<? extends Tokens> parts) {
    this.parts = List.copyOf(parts);
    this.starts = new long[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      starts[i + 1] = starts[i] + parts.get(i).size();
    }
  }

  @Override
  public long size() {
    return starts[parts.size()];
  }

  @Override
  public void copy(long from, int[] into, int offset, int length) {
    Objects.checkFromIndexSize(from, length, size());
    int found = Arrays.binarySearch(starts, from);
    int part = found >= 0 ? found : -found - 2;
    long at = from;
    int done = 0;
    while (done < length) {
      int count = (int) Math.min(length - done, starts[part + 1] - at);
      if (count > 0) {
        parts.get(part).copy(at - starts[part], into, offset + done, count);
      }
      at += count;
      done += count;
      part++;
    }
  }
}
