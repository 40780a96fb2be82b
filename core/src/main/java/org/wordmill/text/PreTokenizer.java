package org.wordmill.text;

/**
 * Cuts text into the pieces that byte pairs are merged within, as GPT-2 does: a contraction ({@code
 * 's 't 're 've 'm 'll 'd}), else a run of letters, of numbers, or of anything else that is
 * visible, each with one space before it, else white space, of which the last character stays with
 * what follows. As a regular expression:
 *
 * <pre>
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * </pre>
 *
 * Letters and numbers are those of the Java platform's Unicode. A malformed part of UTF-8 is
 * something else that is visible, so any bytes can be cut.
 */
final class PreTokenizer {
  private static final byte LETTER = 0;
  private static final byte NUMBER = 1;
  private static final byte SPACE = 2;
  private static final byte OTHER = 3;

  /** The class of a character is in the two low bits, its length in bytes in those above. */
  private static final int CLASS = 3;

  private static final byte[] ASCII = new byte[0x80];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = kind(c);
    }
  }

  private PreTokenizer() {}

  /** The end of the piece that begins at {@code from}, which is before {@code to}. */
  static int end(byte[] text, int from, int to) {
    int first = text[from];
    if (first == '\'') {
      int end = contraction(text, from, to);
      if (end > from) {
        return end;
      }
    }
    int start = first == ' ' && from + 1 < to ? from + 1 : from;
    int character = character(text, start, to);
    int kind = character & CLASS;
    if (kind == SPACE) {
      return whiteSpace(text, from, to);
    }
    return run(text, start + (character >> 2), to, kind);
  }

  private static int run(byte[] text, int from, int to, int kind) {
    int p = from;
    while (p < to) {
      int b = text[p];
      if (b >= 0) {
        if (ASCII[b] != kind) {
          return p;
        }
        p++;
      } else {
        int character = character(text, p, to);
        if ((character & CLASS) != kind) {
          return p;
        }
        p += character >> 2;
      }
    }
    return p;
  }

  private static int whiteSpace(byte[] text, int from, int to) {
    int last = from;
    int p = from;
    while (p < to) {
      int character = character(text, p, to);
      if ((character & CLASS) != SPACE) {
        return last > from ? last : p;
      }
      last = p;
      p += character >> 2;
    }
    return to;
  }

  private static int contraction(byte[] text, int from, int to) {
    if (from + 1 >= to) {
      return from;
    }
    int second = text[from + 1];
    if (second == 's' || second == 't' || second == 'm' || second == 'd') {
      return from + 2;
    }
    if (from + 2 < to) {
      int third = text[from + 2];
      if (third == 'e' && (second == 'r' || second == 'v') || third == 'l' && second == 'l') {
        return from + 3;
      }
    }
    return from;
  }

  private static int character(byte[] text, int p, int to) {
    int b = text[p];
    if (b >= 0) {
      return 1 << 2 | ASCII[b];
    }
    int length = Utf8.sequence(text, p, to);
    if (length < 0) {
      return -length << 2 | OTHER;
    }
    int codePoint = b & 0xFF >> length + 1;
    for (int i = 1; i < length; i++) {
      codePoint = codePoint << 6 | text[p + i] & 0x3F;
    }
    return length << 2 | kind(codePoint);
  }

  private static byte kind(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      default -> codePoint >= '\t' && codePoint <= '\r' || codePoint == 0x85 ? SPACE : OTHER;
    };
  }
}
