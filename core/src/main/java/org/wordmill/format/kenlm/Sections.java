package org.wordmill.format.kenlm;

import static org.wordmill.format.kenlm.KenlmHeader.corrupt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.wordmill.error.WordmillException;
import org.wordmill.format.mapped.MappedBytes;

/**
 * The parts of a KenLM file, one behind the other: each is checked against the length of the file
 * before it is mapped.
 */
final class Sections {
  /** Packed bits are read eight bytes at a time. */
  private static final int PADDING = 8;

  private final FileChannel channel;
  private final long length;
  private final String file;
  private long position;

  Sections(FileChannel channel, long position, long length, String file) {
    this.channel = channel;
    this.position = position;
    this.length = length;
    this.file = file;
  }

  /** Where the next part begins. */
  long position() {
    return position;
  }

  long left() {
    return length - position;
  }

  /** The bytes at the beginning of what is next, without going past them. */
  MappedBytes peek(int count, String what) throws IOException {
    require(count, what);
    return map(count);
  }

  /** Maps the next part. */
  MappedBytes next(long count, String what) throws IOException {
    require(count, what);
    MappedBytes bytes = map(Math.min(count + PADDING, length - position));
    position += count;
    return bytes;
  }

  private MappedBytes map(long count) throws IOException {
    return MappedBytes.map(channel, FileChannel.MapMode.READ_ONLY, position, count);
  }

  private void require(long count, String what) {
    if (count < 0 || count > length - position) {
      throw corrupt(
          "the KenLM file is cut off: "
              + what
              + " should follow from byte "
              + position
              + " and take more than the "
              + left()
              + " bytes that are left",
          file,
          length);
    }
  }

  /** A fault of what was mapped last, or of where it should be. */
  WordmillException fault(String what) {
    return corrupt(what, file, position);
  }
}
