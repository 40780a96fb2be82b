package org.wordmill.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above
 * U+10FFFF), checked byte by byte, with eight ASCII bytes at a time on the fast path.
 */
final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final char REPLACEMENT = '\uFFFD';
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** The most bytes of a character. */
  static final int LONGEST = 4;

  private Utf8() {}

  /** The index of the first byte in [from, to) that begins a malformed part, or {@code to}. */
  static int firstMalformed(byte[] text, int from, int to) {
    int p = from;
    while (p < to) {
      while (p + Long.BYTES <= to && ((long) LONG.get(text, p) & HIGH_BITS) == 0) {
        p += Long.BYTES;
      }
      while (p < to && text[p] >= 0) {
        p++;
      }
      while (p < to && text[p] < 0) {
        int length = sequence(text, p, to);
        if (length < 0) {
          return p;
        }
        p += length;
      }
    }
    return to;
  }

  /**
   * The length of the sequence that begins with the non-ASCII byte at {@code p}; when it is
   * malformed, minus the length of its maximal part that could have begun a well-formed one (at
   * least 1), which is what one U+FFFD stands for.
   */
  static int sequence(byte[] text, int p, int to) {
    int lead = text[p] & 0xFF;
    int length;
    int low = 0x80;
    int high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      length = 3;
      low = lead == 0xE0 ? 0xA0 : low;
      high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      length = 4;
      low = lead == 0xF0 ? 0x90 : low;
      high = lead == 0xF4 ? 0x8F : high;
    } else {
      return -1;
    }
    for (int i = 1; i < length; i++) {
      int next = p + i < to ? text[p + i] & 0xFF : 0;
      if (next < low || next > high) {
        return -i;
      }
      low = 0x80;
      high = 0xBF;
    }
    return length;
  }

  /**
   * How many bytes the character at {@code p} of well-formed text has, if it is white space or a
   * control character (Unicode 15: the categories Cc, Zs, Zl and Zp); else 0.
   */
  static int space(byte[] text, int p) {
    byte lead = text[p];
    if (lead >= 0) {
      return lead <= ' ' || lead == 0x7F ? 1 : 0;
    }
    return switch (lead & 0xFF) {
      // U+0080 to U+009F and the no-break space.
      case 0xC2 -> (text[p + 1] & 0xFF) <= 0xA0 ? 2 : 0;
      case 0xE1 -> text[p + 1] == (byte) 0x9A && text[p + 2] == (byte) 0x80 ? 3 : 0;
      case 0xE2 -> isGeneralPunctuationSpace(text[p + 1] & 0xFF, text[p + 2] & 0xFF) ? 3 : 0;
      case 0xE3 -> text[p + 1] == (byte) 0x80 && text[p + 2] == (byte) 0x80 ? 3 : 0;
      default -> 0;
    };
  }

  /** U+2000 to U+200A, U+2028, U+2029, U+202F and U+205F, by their last two bytes. */
  private static boolean isGeneralPunctuationSpace(int second, int third) {
    return second == 0x80 && (third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF)
        || second == 0x81 && third == 0x9F;
  }

  /** The code points of the well-formed text in [from, to). */
  static int codePoints(byte[] text, int from, int to) {
    int continuations = 0;
    int p = from;
    for (; p + Long.BYTES <= to; p += Long.BYTES) {
      long eight = (long) LONG.get(text, p);
      // Bytes 10xxxxxx go on with a code point.
      continuations += Long.bitCount(eight & ~(eight << 1) & HIGH_BITS);
    }
    for (; p < to; p++) {
      continuations += (text[p] & 0xC0) == 0x80 ? 1 : 0;
    }
    return to - from - continuations;
  }

  /** The bytes of a text; a surrogate that has no partner becomes U+FFFD. */
  static byte[] encode(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A pair has two characters and four bytes.
      boolean paired = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
      length += c < 0x80 ? 1 : c < 0x800 ? 2 : paired ? 4 : 3;
      i += paired ? 1 : 0;
    }
    if (length > Integer.MAX_VALUE - 16) {
      throw new WordmillException(
          ExitCode.BAD_INPUT, "the text takes " + length + " bytes", "", "cut it into parts");
    }
    byte[] bytes = new byte[(int) length];
    int p = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes[p++] = (byte) c;
        continue;
      } else if (c < 0x800) {
        bytes[p++] = (byte) (0xC0 | c >> 6);
      } else if (!Character.isSurrogate(c)) {
        p = middle(bytes, p, c);
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        int codePoint = Character.toCodePoint(c, text.charAt(++i));
        bytes[p++] = (byte) (0xF0 | codePoint >> 18);
        bytes[p++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        bytes[p++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        bytes[p++] = (byte) (0x80 | codePoint & 0x3F);
        continue;
      } else {
        c = REPLACEMENT;
        p = middle(bytes, p, c);
      }
      bytes[p++] = (byte) (0x80 | c & 0x3F);
    }
    return bytes;
  }

  /** All but the last byte of a character of three. */
  private static int middle(byte[] bytes, int p, char c) {
    bytes[p] = (byte) (0xE0 | c >> 12);
    bytes[p + 1] = (byte) (0x80 | c >> 6 & 0x3F);
    return p + 2;
  }
}
