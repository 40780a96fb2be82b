package org.wordmill.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 256 bytes as 256 printable characters, so that tokens of bytes can stand in files of text: a
 * byte that is a visible Latin-1 character stands for itself, the n-th of the others (by value,
 * from 0) is U+0100 + n. A space is {@code Ġ}, a line feed {@code Ċ}. Source: GPT-2 (2019), section
 * 2.2.
 */
final class ByteAlphabet {
  static final int SIZE = 256;

  /** How a line feed is written. */
  static final String LINE_END = "\u010A";

  private static final int LIMIT = 0x144;
  private static final char[] CHARACTERS = new char[SIZE];
  private static final short[] BYTES = new short[LIMIT];

  static {
    Arrays.fill(BYTES, (short) -1);
    int moved = SIZE;
    for (int b = 0; b < SIZE; b++) {
      boolean visible = b > ' ' && b < 0x7F || b > 0xA0 && b != 0xAD;
      CHARACTERS[b] = (char) (visible ? b : moved++);
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The character of a byte, 0 to 255. */
  static char character(int value) {
    return CHARACTERS[value];
  }

  /** The byte of a character, or -1. */
  static int byteOf(char character) {
    return character < LIMIT ? BYTES[character] : -1;
  }

  /** Whether a token is written in this alphabet. */
  static boolean spells(String token) {
    return token.chars().allMatch(c -> byteOf((char) c) >= 0);
  }

  /** The bytes of a token; a token with any other character stands for itself, in UTF-8. */
  static byte[] bytes(String token) {
    if (!spells(token)) {
      return token.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) byteOf(token.charAt(i));
    }
    return bytes;
  }
}
