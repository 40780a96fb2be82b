package org.wordmill.trainer;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/**
 * The ids of the pieces of text: of lines as they are, or of documents, each with its separator
 * behind it. Counts what it meets.
 */
final class PieceEncoder {
  private final Tokenizer tokenizer;
  private final @Nullable Separator separator;
  private long documents;
  private long unknown;

  /**
   * How text is encoded, for tasks.
   *
   * @param tokenizerFile as {@link TokenizerFiles} writes it
   * @param separator of documents; null when text is taken as it is, with its line ends
   */
  record Encoding(String tokenizerFile, TextPolicy policy, @Nullable Separator separator)
      implements Serializable {

    PieceEncoder encoder() {
      return new PieceEncoder(TokenizerFiles.read(tokenizerFile, "the tokenizer"), separator);
    }

    /** The pieces that the encoder takes. */
    TextPieces open(TextSplit split, Configuration configuration) throws IOException {
      return separator == null
          ? TextPieces.open(split, policy, configuration)
          : TextPieces.documents(split, policy, configuration);
    }
  }

  private PieceEncoder(Tokenizer tokenizer, @Nullable Separator separator) {
    this.tokenizer = tokenizer;
    this.separator = separator;
  }

  int vocabularySize() {
    return tokenizer.vocabulary().size();
  }

  int[] encode(String piece) {
    int[] ids = ids(piece);
    int unknownId = tokenizer.vocabulary().unknown();
    unknown += Arrays.stream(ids).filter(id -> id == unknownId).count();
    documents +=
        separator == null
            ? piece.chars().filter(c -> c == '\n').count() + (piece.endsWith("\n") ? 0 : 1)
            : 1;
    return ids;
  }

  private int[] ids(String piece) {
    if (separator == null) {
      return tokenizer.encodeLines(piece);
    }
    if (separator == Separator.LINE_END) {
      return tokenizer.encodeLines(piece.endsWith("\n") ? piece : piece + "\n");
    }
    int[] ids = tokenizer.encode(piece);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = tokenizer.vocabulary().id(ByteLevelBpe.END_OF_TEXT);
    return ended;
  }

  /** How many documents, or lines, have been encoded. */
  long documents() {
    return documents;
  }

  /** How many tokens were not in the vocabulary. */
  long unknown() {
    return unknown;
  }
}
