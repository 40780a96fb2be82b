package org.wordmill.format.arpa;

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
  /** The longest text that {@link #write} writes. */
  static final int MAX_LENGTH = 32;

  /** What is written for minus infinity. */
  private static final float LOG_ZERO = -99;

  private static final int MAX_EXACT_POWER = 22;
  private static final long MAX_EXACT_INTEGER = 1L << 53;
  private static final double[] POWERS_OF_TEN = new double[MAX_EXACT_POWER + 1];

  static {
    // Each product is exact: 10^22 = 2^22 * 5^22, and 5^22 is below 2^53.
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i <= MAX_EXACT_POWER; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  private Decimal() {}

  /** Writes {@code value} at {@code out[at]}; returns the index after it. */
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
    // Fewer fraction digits first: the first that reads back as the same float is the shortest.
    for (int fraction = 0; fraction <= 14; fraction++) {
      long digits = Math.round(magnitude * POWERS_OF_TEN[fraction]);
      double back = digits / POWERS_OF_TEN[fraction];
      if ((float) back == (float) magnitude && !isHalfway(back)) {
        return digits(digits, fraction, out, start);
      }
    }
    return text(Float.toString(value), out, at);
  }

  private static int digits(long digits, int fraction, byte[] out, int at) {
    long integer = digits / (long) POWERS_OF_TEN[fraction];
    long rest = digits % (long) POWERS_OF_TEN[fraction];
    int end = at + (integer >= 10 ? decimalLength(integer) : 1);
    long left = integer;
    for (int i = end - 1; i >= at; i--) {
      out[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    if (fraction == 0) {
      return end;
    }
    out[end] = '.';
    for (int i = end + fraction; i > end; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return end + fraction + 1;
  }

  private static int decimalLength(long value) {
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
