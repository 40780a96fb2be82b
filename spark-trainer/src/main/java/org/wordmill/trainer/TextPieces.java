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
      case JSONL -> new JsonDocuments(new TextLines(split, policy, configuration), split);
      case PARQUET -> new ParquetDocuments(split, policy, configuration);
    };
  }
}
