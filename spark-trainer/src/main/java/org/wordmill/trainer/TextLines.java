package org.wordmill.trainer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.text.TextPolicy;

/** The lines of one split, without their ends, and where they stand in the file. */
final class TextLines implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  private final TextSplit split;
  private final TextPolicy policy;
  private final Configuration configuration;
  private final TextChunks chunks;
  private String chunk = "";
  private long chunkAt;

  /** In the chunk: where the current line begins, where the next one does, and which it is. */
  private int begin;

  private int next;
  private int number;

  TextLines(TextSplit split, TextPolicy policy, Configuration configuration) throws IOException {
    this.split = split;
    this.policy = policy;
    this.configuration = configuration;
    this.chunks = new TextChunks(split, policy, configuration);
  }

  /** Goes to the next line, and tells whether there is one. */
  boolean advance() throws IOException {
    if (next == chunk.length()) {
      chunk = chunks.next();
      chunkAt = chunks.pieceAt();
      next = 0;
      number = -1;
      if (chunk.isEmpty()) {
        return false;
      }
    }
    begin = next;
    number++;
    int end = chunk.indexOf('\n', begin);
    next = end < 0 ? chunk.length() : end + 1;
    return true;
  }

  /** The line, without its end. */
  String line() {
    boolean ended = next > begin && chunk.charAt(next - 1) == '\n';
    return chunk.substring(begin, ended ? next - 1 : next);
  }

  /** The file, and which of its lines this is, counted from 1. Reads the file up to here. */
  String where() throws IOException {
    long line = 1 + number + chunks.droppedBefore(begin);
    byte[] piece = new byte[PIECE];
    try (InputStream in = TextChunks.whole(split, policy, configuration)) {
      for (long left = chunkAt; left > 0; ) {
        int read = in.read(piece, 0, (int) Math.min(PIECE, left));
        if (read < 0) {
          throw new EOFException(split.path());
        }
        for (int i = 0; i < read; i++) {
          line += piece[i] == '\n' ? 1 : 0;
        }
        left -= read;
      }
    }
    return split.path() + ":" + line;
  }

  long malformedParts() {
    return chunks.malformedParts();
  }

  long longLines() {
    return chunks.longLines();
  }

  long bombs() {
    return chunks.bombs();
  }

  @Override
  public void close() throws IOException {
    chunks.close();
  }
}
