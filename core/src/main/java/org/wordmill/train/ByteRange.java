package org.wordmill.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The bytes of a file that does not change, read by range, wherever it lies. */
@FunctionalInterface
public interface ByteRange {

  /**
   * The bytes [position, position + length), all of them; for use by many threads.
   *
   * @return at position 0, in any order of bytes; not to be written to
   * @throws IOException when the file cannot be read, or ends before
   */
  ByteBuffer read(long position, int length) throws IOException;

  /** A file of this machine of at most 2^31 - 1 bytes, mapped into memory. */
  static ByteRange mapped(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return (position, length) -> bytes.slice(Math.toIntExact(position), length);
    }
  }
}
