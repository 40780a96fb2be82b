package org.wordmill.counter;

import org.wordmill.format.arpa.ArpaBuffer;

/**
 * The logarithms of back-off weights as text. Most contexts were seen once or twice, so most
 * weights are one of a few: a cache of the last weight in each of its places.
 */
final class NumberTexts {
  private static final int PLACES = 1 << 12;

  private final float[] weights = new float[PLACES];
  private final byte[][] texts = new byte[PLACES][];
  private final ArpaBuffer buffer = new ArpaBuffer();

  /** log10 of a weight as {@link ArpaBuffer#number} writes it. */
  byte[] log10(float weight) {
    int place = Float.floatToRawIntBits(weight) * 0x9E3779B9 >>> 20;
    byte[] text = texts[place];
    if (text == null || weights[place] != weight) {
      buffer.clear();
      text = buffer.number(Interpolation.log10(weight)).toByteArray();
      weights[place] = weight;
      texts[place] = text;
    }
    return text;
  }
}
