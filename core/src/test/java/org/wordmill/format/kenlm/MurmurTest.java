package org.wordmill.format.kenlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class MurmurTest {

  /** Computed step by step with whole numbers of any size. */
  @Test
  void hashesAreThoseOfTheDefinition() {
    for (int length = 0; length < 40; length++) {
      byte[] text = new byte[length + 3];
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) (i * 89 + 200);
      }
      assertThat(Murmur.hash(text, 2, 2 + length)).isEqualTo(slow(text, 2, length).longValue());
    }
  }

  private static BigInteger slow(byte[] text, int from, int length) {
    BigInteger two64 = BigInteger.TWO.pow(64);
    BigInteger m = new BigInteger("C6A4A7935BD1E995", 16);
    BigInteger hash = m.multiply(BigInteger.valueOf(length)).mod(two64);
    int at = 0;
    for (; at + 8 <= length; at += 8) {
      BigInteger k = number(text, from + at, 8).multiply(m).mod(two64);
      k = k.xor(k.shiftRight(47)).multiply(m).mod(two64);
      hash = hash.xor(k).multiply(m).mod(two64);
    }
    if (at < length) {
      hash = hash.xor(number(text, from + at, length - at)).multiply(m).mod(two64);
    }
    hash = hash.xor(hash.shiftRight(47)).multiply(m).mod(two64);
    return hash.xor(hash.shiftRight(47));
  }

  private static BigInteger number(byte[] text, int from, int length) {
    BigInteger number = BigInteger.ZERO;
    for (int i = length - 1; i >= 0; i--) {
      number = number.shiftLeft(8).add(BigInteger.valueOf(text[from + i] & 0xFF));
    }
    return number;
  }
}
