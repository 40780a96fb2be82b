package org.wordmill.submit.serve;

import java.util.Arrays;
import java.util.Locale;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Tokenizer;

/** How tokens are shown, and which are the likeliest. */
public final class Tokens {
  private static final char REPLACEMENT = '\uFFFD';

  private Tokens() {}

  /**
   * A token for people: a word, a character, the text of a piece; {@code bytes:\xe2\x80} for bytes
   * that are no whole characters.
   */
  public static String shown(Tokenizer tokenizer, int token) {
    if (!(tokenizer instanceof ByteLevelBpe bpe)) {
      return tokenizer.vocabulary().token(token);
    }
    String text = bpe.decode(new int[] {token});
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    StringBuilder bytes = new StringBuilder("bytes:");
    for (byte b : bpe.decodeBytes(new int[] {token})) {
      bytes.append(String.format(Locale.ROOT, "\\x%02x", b));
    }
    return bytes.toString();
  }

  /**
   * The likeliest tokens that are possible, the first first, equal ones by their ids.
   *
   * @param most how many, at most
   */
  static int[] likeliest(float[] logProbabilities, int most) {
    int[] best = new int[most];
    int size = 0;
    for (int token = 0; token < logProbabilities.length; token++) {
      float value = logProbabilities[token];
      if (value == Float.NEGATIVE_INFINITY
          || (size == most && (most == 0 || value <= logProbabilities[best[most - 1]]))) {
        continue;
      }
      int place = size < most ? size++ : most - 1;
      while (place > 0 && logProbabilities[best[place - 1]] < value) {
        best[place] = best[place - 1];
        place--;
      }
      best[place] = token;
    }
    return Arrays.copyOf(best, size);
  }
}
