package org.wordmill.ml;

import java.nio.charset.StandardCharsets;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.WordmillException;

/**
 * What a row has to score.
 *
 * @param bytes a text, or a line of JSON; null where there is none
 * @param file that the row is of, or empty
 */
record RowText(byte @Nullable [] bytes, UTF8String file) {
  private static final int EXCERPT_BYTES = 40;

  /** Of the row that this task has read last. */
  static RowText here(byte @Nullable [] bytes) {
    return new RowText(bytes, InputFileBlockHolder.getInputFilePath());
  }

  int size() {
    return bytes == null ? 0 : bytes.length;
  }

  /** The fault with what is known of its place: the file, and how the row begins. */
  WordmillException told(WordmillException fault) {
    byte[] row = bytes == null ? new byte[0] : bytes;
    int length = Math.min(row.length, EXCERPT_BYTES);
    return new WordmillException(
        fault.exitCode(),
        String.valueOf(fault.getMessage()),
        (file.numBytes() == 0 ? "" : file + ", ")
            + "in the row '"
            + new String(row, 0, length, StandardCharsets.UTF_8)
            + (length < row.length ? "...'" : "'"),
        "",
        fault);
  }
}
