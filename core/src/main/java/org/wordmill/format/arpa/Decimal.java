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

  /** Binary exponents of the least and the greatest number that is written without the JDK. */
  private static final int LEAST_EXPONENT = -17;

  private static final int GREATEST_EXPONENT = 19;

  /** By exponent: so many fraction digits are as fine as the floats, and always enough. */
  private static final int[] FRACTION_DIGITS = new int[GREATEST_EXPONENT - LEAST_EXPONENT + 1];

  /** The decimal digits of 0 to 99. */
  private static final byte[] TENS = new byte[100];

  private static final byte[] ONES = new byte[100];

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
    for (int pair = 0; pair < 100; pair++) {
      TENS[pair] = (byte) ('0' + pair / 10);
      ONES[pair] = (byte) ('0' + pair % 10);
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
    int end = at + (integer >= 10 ? decimalLength(integer) : 1);
    backwards(integer, end - at, out, end);
    if (fraction == 0) {
      return end;
    }
    out[end] = '.';
    backwards(digits - integer * scale, fraction, out, end + 1 + fraction);
    return end + 1 + fraction;
  }

  /** Writes so many digits of a value, the last of them before {@code end}. */
  private static void backwards(int value, int length, byte[] out, int end) {
    int rest = value;
    int p = end;
    int begin = end - length;
    while (p - begin >= 2) {
      int pair = rest % 100;
      rest /= 100;
      out[--p] = ONES[pair];
      out[--p] = TENS[pair];
    }
    if (p > begin) {
      out[--p] = (byte) ('0' + rest);
    }
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
