package org.wordmill.text;

/**
 * The decoder of tokenizers whose text between two tokens depends on nothing but these two: each
 * token's text is what it adds behind the token before it.
 */
final class PairwiseDecoder implements Decoder {
  private final Tokenizer tokenizer;
  private int previous = Vocabulary.NONE;

  PairwiseDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public String next(int token) {
    String text =
        previous == Vocabulary.NONE
            ? tokenizer.decode(new int[] {token})
            : tokenizer
                .decode(new int[] {previous, token})
                .substring(tokenizer.decode(new int[] {previous}).length());
    previous = token;
    return text;
  }

  @Override
  public String end() {
    return "";
  }
}
