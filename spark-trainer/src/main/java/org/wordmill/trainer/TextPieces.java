package org.wordmill.trainer;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.text.TextPolicy;

/** The text of one split, piece by piece. */
interface TextPieces extends AutoCloseable {

  /** The next piece of text; empty at the end. */
  String next() throws IOException;

  /** How many malformed parts have been met. */
  long malformedParts();

  /** How many lines were too long, and were split or dropped. */
  default long longLines() {
    return 0;
  }

  /** How many files grew to more than a thousand times their size. */
  default long bombs() {
    return 0;
  }

  /** How many documents of nothing but white space have been left out. */
  default long blankDocuments() {
    return 0;
  }

  @Override
  void close() throws IOException;

  /** Lines of text as they are, in pieces of many; of other formats, documents. */
  static TextPieces open(TextSplit split, TextPolicy policy, Configuration configuration)
      throws IOException {
    return split.format() == TextFormat.TEXT
        ? new TextChunks(split, policy, configuration)
        : documents(split, policy, configuration);
  }

  /** One document a piece, without what separates it from the next. */
  static TextPieces documents(TextSplit split, TextPolicy policy, Configuration configuration)
      throws IOException {
    return switch (split.format()) {
      case TEXT -> new LineDocuments(new TextLines(split, policy, configuration));
      case JSONL -> new JsonDocuments(new TextLines(split, whole(policy), configuration), split);
      case PARQUET -> new ParquetDocuments(split, policy, configuration);
    };
  }

  /** A part of a JSON object is none. */
  private static TextPolicy whole(TextPolicy policy) {
    return policy.longLines() == TextPolicy.LongLines.SPLIT
        ? policy.withLongLines(TextPolicy.LongLines.ERROR)
        : policy;
  }
}
