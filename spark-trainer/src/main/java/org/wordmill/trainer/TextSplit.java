package org.wordmill.trainer;

import java.io.Serializable;

/**
 * What one task encodes: the lines of a file whose first byte lies in [start, start + length), or
 * the row groups of a Parquet file whose middle does. A compressed file is one split, whole.
 *
 * @param path the file, as a URI that Hadoop understands
 * @param length bytes in the file as stored
 * @param field which has the documents, where the format has fields
 */
record TextSplit(
    String path, long start, long length, boolean compressed, TextFormat format, String field)
    implements Serializable {

  /** Of lines of text. */
  TextSplit(String path, long start, long length, boolean compressed) {
    this(path, start, length, compressed, TextFormat.TEXT, "");
  }
}
