package org.wordmill.text;

/**
 * Cuts text into tokens, and joins tokens to text again. Implementations are immutable and
 * thread-safe.
 */
public interface Tokenizer {

  Vocabulary vocabulary();

  /** The ids of the tokens of {@code text}, without sentence boundaries. */
  int[] encode(String text);

  /**
   * The ids of lines as a model reads a corpus: with whatever ends a line. Where the line end is no
   * token of its own, each line has {@code </s>} behind it.
   */
  default int[] encodeLines(String lines) {
    return encode(lines);
  }

  /**
   * The text of the ids; {@code decode(encode(text))} is {@code text} up to what the tokenizer
   * documents as lost.
   */
  String decode(int[] ids);

  /**
   * Decodes token after token, from the beginning of a text. Tokenizers in which a token's text
   * depends on more than the token before it override this.
   */
  default Decoder decoder() {
    return new PairwiseDecoder(this);
  }
}
