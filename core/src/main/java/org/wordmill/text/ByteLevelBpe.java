package org.wordmill.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Byte-level byte pair encoding, the tokenizer of GPT-2: text is cut into pieces ({@link
 * PreTokenizer}), the bytes of a piece are symbols, and pairs of symbols are merged, the pair that
 * was learned first before all others, until no merge fits. Every text has ids, and none is lost:
 * {@code decode(encode(text))} is {@code text}, up to surrogates that have no partner, which become
 * U+FFFD.
 *
 * <p>Tokens are written with one printable character for each byte, a space as {@code Ġ}. Special
 * tokens, such as {@link #END_OF_TEXT}, are never made from ordinary text by {@link
 * #encode(String)}: a text cannot forge them.
 *
 * <p>Sources: Sennrich, Haddow and Birch (2016); Radford et al. (2019), section 2.2.
 */
public final class ByteLevelBpe implements Tokenizer {
  /** The special token of GPT-2, which stands between documents. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final List<String> specials;
  private final int[] idOfByte = new int[ByteAlphabet.SIZE];
  private final byte[][] bytes;
  private final WordCache cache = new WordCache();

  /** A pair of tokens that become one: their concatenation. */
  public record Merge(String left, String right) {}

  /**
   * @param vocabulary has every byte, every part and every result of a merge, and the special
   *     tokens
   * @param merges by rank, the first to be merged first
   * @param specials tokens that are no bytes of text
   * @throws IllegalArgumentException if the vocabulary lacks one of these, or a merge occurs twice
   */
  public ByteLevelBpe(Vocabulary vocabulary, List<Merge> merges, List<String> specials) {
    this.vocabulary = vocabulary;
    this.specials = List.copyOf(specials);
    for (int b = 0; b < idOfByte.length; b++) {
      String character = String.valueOf(ByteAlphabet.character(b));
      if (!vocabulary.contains(character)) {
        throw new IllegalArgumentException(
            "the vocabulary lacks byte " + b + ", written '" + character + "'");
      }
      idOfByte[b] = vocabulary.id(character);
    }
    for (String special : specials) {
      if (special.isEmpty() || !vocabulary.contains(special)) {
        throw new IllegalArgumentException(
            "the vocabulary lacks the special token '" + special + "'");
      }
    }
    int[] lefts = new int[merges.size()];
    int[] rights = new int[merges.size()];
    int[] merged = new int[merges.size()];
    for (int rank = 0; rank < merged.length; rank++) {
      Merge merge = merges.get(rank);
      lefts[rank] = part(merge.left(), rank);
      rights[rank] = part(merge.right(), rank);
      merged[rank] = part(merge.left() + merge.right(), rank);
    }
    this.merges = new MergeTable(lefts, rights, merged);
    Set<String> whole = new HashSet<>(specials);
    bytes = new byte[vocabulary.size()][];
    for (int id = 0; id < bytes.length; id++) {
      String token = vocabulary.token(id);
      bytes[id] =
          whole.contains(token)
              ? token.getBytes(StandardCharsets.UTF_8)
              : ByteAlphabet.bytes(token);
    }
  }

  private int part(String token, int rank) {
    if (token.isEmpty() || !vocabulary.contains(token)) {
      throw new IllegalArgumentException(
          "the vocabulary lacks '" + token + "' of merge " + (rank + 1));
    }
    return vocabulary.id(token);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The merges by rank. */
  public List<Merge> merges() {
    List<Merge> all = new ArrayList<>(merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      all.add(new Merge(vocabulary.token(merges.left(rank)), vocabulary.token(merges.right(rank))));
    }
    return all;
  }

  /** The tokens that are no bytes of text. */
  public List<String> specials() {
    return specials;
  }

  @Override
  public int[] encode(String text) {
    byte[] utf8 = Utf8.encode(text);
    return encode(utf8, 0, utf8.length);
  }

  /**
   * The ids of the bytes [from, to), whatever they are: {@link #decodeBytes} gives them back. For
   * well-formed UTF-8 they are those of the text.
   */
  public int[] encode(byte[] text, int from, int to) {
    int[] ids = new int[Math.max(16, (to - from) / 3)];
    int size = 0;
    for (int at = from; at < to; ) {
      int end = PreTokenizer.end(text, at, to);
      boolean isShort = end - at <= WordCache.LONGEST;
      int[] piece = isShort ? cache.find(text, at, end) : null;
      if (piece == null) {
        piece = merge(text, at, end);
        if (isShort) {
          cache.put(text, at, end, piece);
        }
      }
      if (size + piece.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(size + piece.length, ids.length + ids.length / 2));
      }
      if (piece.length == 1) {
        ids[size++] = piece[0];
      } else {
        System.arraycopy(piece, 0, ids, size, piece.length);
        size += piece.length;
      }
      at = end;
    }
    return Arrays.copyOf(ids, size);
  }

  private int[] merge(byte[] text, int from, int to) {
    int[] symbols = new int[to - from];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = idOfByte[text[from + i] & 0xFF];
    }
    return Arrays.copyOf(symbols, merges.apply(symbols, symbols.length));
  }

  /** As {@link #encode(String)}, but a special token's name in the text is that token. */
  public int[] encodeWithSpecials(String text) {
    int[] ids = new int[0];
    int at = 0;
    while (at < text.length()) {
      String special = "";
      int place = text.length();
      for (String candidate : specials) {
        int found = text.indexOf(candidate, at);
        if (found >= 0
            && (found < place || found == place && candidate.length() > special.length())) {
          special = candidate;
          place = found;
        }
      }
      int[] before = encode(text.substring(at, place));
      int length = ids.length;
      ids = Arrays.copyOf(ids, length + before.length + (special.isEmpty() ? 0 : 1));
      System.arraycopy(before, 0, ids, length, before.length);
      if (!special.isEmpty()) {
        ids[ids.length - 1] = vocabulary.id(special);
      }
      at = place + special.length();
    }
    return ids;
  }

  /** The text of the ids; bytes that are no UTF-8 become U+FFFD, one for each malformed part. */
  @Override
  public String decode(int[] ids) {
    return new String(decodeBytes(ids), StandardCharsets.UTF_8);
  }

  @Override
  public Decoder decoder() {
    return new Utf8Decoder(id -> bytes[id]);
  }

  /** The bytes of the ids; a special token is its name. */
  public byte[] decodeBytes(int[] ids) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(4 * ids.length);
    for (int id : ids) {
      all.writeBytes(bytes[id]);
    }
    return all.toByteArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteLevelBpe bpe
        && bpe.vocabulary.tokens().equals(vocabulary.tokens())
        && bpe.merges().equals(merges())
        && bpe.specials.equals(specials);
  }

  @Override
  public int hashCode() {
    return Objects.hash(vocabulary.tokens());
  }
}
