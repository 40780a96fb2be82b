package org.wordmill.text;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * How often each piece of text occurs, the pieces that {@link ByteLevelBpe} merges pairs within:
 * what {@link BpeTrainer} needs to know of a text. Counts of parts of a text add up to those of the
 * whole, if it is cut at line ends that no white space follows.
 *
 * <p>One belongs to one thread; memory grows with the distinct pieces.
 */
public final class PieceCounts {
  private final int maxBytes;
  private final Map<String, long[]> counts = new HashMap<>();
  private long pieces;
  private long longPieces;

  /**
   * @param maxBytes a longer piece (a key in base64, a drawn line) is left out, and counted as such
   */
  public PieceCounts(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Counts the pieces of a text. */
  public void add(String text) {
    byte[] bytes = Utf8.encode(text);
    for (int from = 0; from < bytes.length; ) {
      int end = PreTokenizer.end(bytes, from, bytes.length);
      pieces++;
      if (end - from > maxBytes) {
        longPieces++;
      } else {
        String piece = new String(bytes, from, end - from, StandardCharsets.UTF_8);
        counts.computeIfAbsent(piece, key -> new long[1])[0]++;
      }
      from = end;
    }
  }

  /** Tells every piece with its count, in no particular order. */
  public void forEach(ObjLongConsumer<String> consumer) {
    counts.forEach((piece, count) -> consumer.accept(piece, count[0]));
  }

  /** The number of distinct pieces. */
  public int size() {
    return counts.size();
  }

  /** All pieces that were met, long ones too. */
  public long pieces() {
    return pieces;
  }

  /** The pieces that were left out because of their length. */
  public long longPieces() {
    return longPieces;
  }
}
