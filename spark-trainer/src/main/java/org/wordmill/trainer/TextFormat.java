package org.wordmill.trainer;

import java.util.Locale;

/** What files of text consist of. */
public enum TextFormat {
  /** Lines of UTF-8; each is a document. */
  TEXT,
  /** Lines of UTF-8, each a JSON object with a document in one of its fields. */
  JSONL,
  /** Rows of Parquet, each with a document in one of its columns. */
  PARQUET;

  /**
   * The format of a file by its name: {@code .jsonl}, {@code .ndjson} and {@code .json}, {@code
   * .parquet}, and text for all others. What a name has behind that for compression is left out.
   */
  static TextFormat of(String fileName) {
    String name =
        fileName.toLowerCase(Locale.ROOT).replaceFirst("[.](gz|gzip|bz2|zst|lz4|snappy)$", "");
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      return JSONL;
    }
    return name.endsWith(".parquet") ? PARQUET : TEXT;
  }
}
