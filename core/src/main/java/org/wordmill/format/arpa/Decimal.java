package org.wordmill.format.arpa;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Floats as decimal text and back, exactly: what {@link #write} writes, {@link #parse} reads as the
 * same float. The common case needs neither strings nor big integers.
 *
 * <p>A decimal d / 10^k with d below 2^53 and k at most 22 is one correctly rounded division of
 * doubles (Clinger 1990); the step from double to float is then right too, unless the double lies
 * half-way between two floats, which is seen in its last bits and left to the JDK.
 */
final class Decimal {
  /** Bytes that {@link #write} writes at most, with those after the text. */
  static final int MAX_LENGTH = 32;

  /** What is written for minus infinity. */
  private static final float LOG_ZERO = -99;

  private static final int MAX_EXACT_POWER = 22;
  private static final long MAX_EXACT_INTEGER = 1L << 53;
  private static final double[] POWERS_OF_TEN = new double[MAX_EXACT_POWER + 1];

  /** Binary exponents of the least and the greatest number that is written without the JDK. */
  private static final int LEAST_EXPONENT = -17;

  private static final int GREATEST_EXPONENT = 19;

  /** By exponent: so many fraction digits are as fine as the floats, and always enough. */
  private static final int[] FRACTION_DIGITS = new int[GREATEST_EXPONENT - LEAST_EXPONENT + 1];

  private static final int EIGHT_DIGITS = 100_000_000;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static {
    // Each product is exact: 10^22 = 2^22 * 5^22, and 5^22 is below 2^53.
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i <= MAX_EXACT_POWER; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
    for (int i = 0; i < FRACTION_DIGITS.length; i++) {
      double spacing = Math.scalb(1.0, LEAST_EXPONENT + i - 23);
      while (1 / POWERS_OF_TEN[FRACTION_DIGITS[i]] > spacing) {
        FRACTION_DIGITS[i]++;
      }
    }
  }

  private Decimal() {}

  /**
   * Writes {@code value} at {@code out[at]}, where there is room for {@link #MAX_LENGTH} bytes;
   * returns the index after it. What is after it may have been written over.
   */
  static int write(float value, byte[] out, int at) {
    if (value == Float.NEGATIVE_INFINITY) {
      return write(LOG_ZERO, out, at);
    }
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException("not a log-probability: " + value);
    }
    if (value == 0) {
      out[at] = '0';
      return at + 1;
    }
    double magnitude = Math.abs((double) value);
    if (magnitude < 1e-5 || magnitude >= 1e6) {
      return text(Float.toString(value), out, at);
    }
    int start = at;
    if (value < 0) {
      out[start++] = '-';
    }
    // One fraction digit fewer as long as the float is still met: the shortest that reads back.
    int fraction = FRACTION_DIGITS[Math.getExponent((float) magnitude) - LEAST_EXPONENT];
    long digits = rounded(magnitude, fraction);
    if (!isMet(magnitude, digits, fraction)) {
      return text(Float.toString(value), out, at);
    }
    while (fraction > 0) {
      long fewer = rounded(magnitude, fraction - 1);
      if (!isMet(magnitude, fewer, fraction - 1)) {
        break;
      }
      digits = fewer;
      fraction--;
    }
    return digits((int) digits, fraction, out, start);
  }

  private static long rounded(double magnitude, int fraction) {
    return (long) (magnitude * POWERS_OF_TEN[fraction] + 0.5);
  }

  /** Whether digits / 10^fraction reads back as a float without a tie. */
  private static boolean isMet(double magnitude, long digits, int fraction) {
    double back = digits / POWERS_OF_TEN[fraction];
    return (float) back == (float) magnitude && !isHalfway(back);
  }

  /**
   * Writes digits / 10^fraction. The digits of a float are below 10 * 2^24, so a power of ten that
   * is no int is above them, as the greatest int is, which it is cast to.
   */
  private static int digits(int digits, int fraction, byte[] out, int at) {
    int scale = (int) POWERS_OF_TEN[fraction];
    int integer = digits / scale;
    int end = lastDigits(integer, decimalLength(integer), out, at);
    if (fraction == 0) {
      return end;
    }
    out[end++] = '.';
    int rest = digits - integer * scale;
    if (fraction > 8) {
      int upper = rest / EIGHT_DIGITS;
      rest -= upper * EIGHT_DIGITS;
      end = lastDigits(upper, fraction - 8, out, end);
      return lastDigits(rest, 8, out, end);
    }
    return lastDigits(rest, fraction, out, end);
  }

  /**
   * Writes the last 1 to 8 of the eight digits of a value below 10^8, and up to seven bytes of
   * nothing after them; returns the index after the digits. Without a branch, since lengths differ
   * from number to number: the digits are parted in halves, in one long, three times.
   */
  private static int lastDigits(int value, int length, byte[] out, int at) {
    int upper = value / 10_000;
    long halves = upper | (long) (value - 10_000 * upper) << 32;
    long hundreds = halves * 10_486 >>> 20 & 0x7F_0000_007FL;
    long pairs = halves - 100 * hundreds << 16 | hundreds;
    long tens = pairs * 103 >>> 10 & 0xF_000F_000F_000FL;
    long digits = (pairs - 10 * tens << 8 | tens) + 0x3030_3030_3030_3030L;
    LONGS.set(out, at, digits >>> (Long.SIZE - Byte.SIZE * length));
    return at + length;
  }

  private static int decimalLength(int value) {
    int length = 1;
    while (value >= POWERS_OF_TEN[length]) {
      length++;
    }
    return length;
  }

  private static int text(String text, byte[] out, int at) {
    for (int i = 0; i < text.length(); i++) {
      out[at + i] = (byte) text.charAt(i);
    }
    return at + text.length();
  }

  /**
   * Reads a decimal number: sign, digits, point, exponent; also {@code inf} and {@code -inf}.
   *
   * @throws NumberFormatException when [from, to) is anything else
   */
  static float parse(byte[] text, int from, int to) {
    int p = from;
    boolean negative = p < to && text[p] == '-';
    if (negative) {
      p++;
    }
    long digits = 0;
    int fraction = 0;
    int seen = 0;
    boolean point = false;
    for (; p < to; p++) {
      int c = text[p];
      if (c >= '0' && c <= '9' && seen < 18) {
        digits = 10 * digits + (c - '0');
        seen++;
        fraction += point ? 1 : 0;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        return slow(text, from, to);
      }
    }
    if (seen == 0 || digits > MAX_EXACT_INTEGER || fraction > MAX_EXACT_POWER) {
      return slow(text, from, to);
    }
    double value = digits / POWERS_OF_TEN[fraction];
    if (isHalfway(value)) {
      return slow(text, from, to);
    }
    return (float) (negative ? -value : value);
  }

  /** Whether the 29 bits that a float has not are exactly one half, so that rounding would tie. */
  private static boolean isHalfway(double value) {
    return (Double.doubleToRawLongBits(value) & 0x1FFFFFFFL) == 0x10000000L;
  }

  private static float slow(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    switch (text) {
      case "-inf", "-Inf", "-INF", "-Infinity":
        return Float.NEGATIVE_INFINITY;
      case "inf", "Inf", "INF", "Infinity":
        return Float.POSITIVE_INFINITY;
      default:
        for (int i = 0; i < text.length(); i++) {
          // The JDK would also take hexadecimal floats, suffixes like 1f and surrounding blanks.
          if ("+-.0123456789eE".indexOf(text.charAt(i)) < 0) {
            throw new NumberFormatException(text);
          }
        }
        return Float.parseFloat(text);
    }
  }
}
