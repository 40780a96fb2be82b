package org.wordmill.format.mapped;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * A region of a file in the address space, little-endian, with 64-bit offsets from its beginning.
 *
 * <p>It is mapped in chunks of 1 GiB, each with a few more bytes of the next, so that a number that
 * lies across two chunks is read from one. Numbers need no alignment. Offsets outside the region
 * give an {@link IndexOutOfBoundsException}. Reading is safe for many threads. The mapping goes
 * when the garbage collector finds it unreachable.
 */
public final class MappedBytes {
  private static final int CHUNK_BITS = 30;
  private static final long CHUNK = 1L << CHUNK_BITS;
  private static final int CHUNK_MASK = (int) (CHUNK - 1);

  /** What a chunk has of the next one: more than the largest number. */
  private static final int OVERLAP = 64;

  private final MappedByteBuffer[] chunks;
  private final long length;

  private MappedBytes(MappedByteBuffer[] chunks, long length) {
    this.chunks = chunks;
    this.length = length;
  }

  /**
   * Maps {@code [position, position + length)} of a file.
   *
   * @param channel may be closed afterwards
   */
  public static MappedBytes map(
      FileChannel channel, FileChannel.MapMode mode, long position, long length)
      throws IOException {
    int count = Math.toIntExact((length + CHUNK - 1) >>> CHUNK_BITS);
    MappedByteBuffer[] chunks = new MappedByteBuffer[count];
    for (int i = 0; i < count; i++) {
      long from = (long) i << CHUNK_BITS;
      chunks[i] = channel.map(mode, position + from, Math.min(CHUNK + OVERLAP, length - from));
      chunks[i].order(ByteOrder.LITTLE_ENDIAN);
    }
    return new MappedBytes(chunks, length);
  }

  /** How many bytes there are. */
  public long length() {
    return length;
  }

  public byte getByte(long offset) {
    return chunks[(int) (offset >>> CHUNK_BITS)].get((int) offset & CHUNK_MASK);
  }

  public int getInt(long offset) {
    return chunks[(int) (offset >>> CHUNK_BITS)].getInt((int) offset & CHUNK_MASK);
  }

  public long getLong(long offset) {
    return chunks[(int) (offset >>> CHUNK_BITS)].getLong((int) offset & CHUNK_MASK);
  }

  /**
   * Reads numbers from many places, as many at once as the processor can: in a loop of few
   * instructions for each chunk, which reads the chunk's beginning instead of what lies in others.
   *
   * @param offsets number i is at {@code offsets[i] + shift}, for i in [0, count)
   * @param out gets the numbers
   */
  public void getInts(long[] offsets, int shift, int count, int[] out) {
    long outside = 0;
    for (int i = 0; i < count; i++) {
      long offset = offsets[i] + shift;
      outside |= offset | length - Integer.BYTES - offset;
    }
    if (outside < 0) {
      throw new IndexOutOfBoundsException("an offset outside of " + length + " bytes");
    }
    for (int c = 0; c < chunks.length; c++) {
      ByteBuffer chunk = chunks[c];
      if (chunk.capacity() < Integer.BYTES) {
        return;
      }
      for (int i = 0; i < count; i++) {
        long offset = offsets[i] + shift;
        boolean here = offset >>> CHUNK_BITS == c;
        int number = chunk.getInt(here ? (int) offset & CHUNK_MASK : 0);
        out[i] = here ? number : out[i];
      }
    }
  }

  public float getFloat(long offset) {
    return Float.intBitsToFloat(getInt(offset));
  }

  /**
   * An unsigned number of bits anywhere; bit b of the region is bit {@code b & 7} of byte {@code b
   * / 8}. Eight bytes must be there from the byte of the first bit.
   *
   * @param mask 2^width - 1, for a width of at most 57
   */
  public long getBits(long bit, long mask) {
    return getLong(bit >>> 3) >>> (bit & 7) & mask;
  }

  /**
   * Writes an unsigned number of at most 57 bits where all bits were 0, in the manner of {@link
   * #getBits}.
   */
  public void putBits(long bit, long value) {
    long offset = bit >>> 3;
    putLong(offset, getLong(offset) | value << (bit & 7));
  }

  public void putInt(long offset, int value) {
    chunks[(int) (offset >>> CHUNK_BITS)].putInt((int) offset & CHUNK_MASK, value);
  }

  public void putLong(long offset, long value) {
    chunks[(int) (offset >>> CHUNK_BITS)].putLong((int) offset & CHUNK_MASK, value);
  }

  public void putFloat(long offset, float value) {
    putInt(offset, Float.floatToRawIntBits(value));
  }

  /** Copies {@code [offset, offset + out.length)}. */
  public void getBytes(long offset, byte[] out) {
    int done = 0;
    while (done < out.length) {
      long at = offset + done;
      ByteBuffer chunk = chunks[(int) (at >>> CHUNK_BITS)];
      int within = (int) at & CHUNK_MASK;
      int count = (int) Math.min(out.length - done, CHUNK - within);
      chunk.get(within, out, done, count);
      done += count;
    }
  }

  /** Writes bytes at an offset. */
  public void putBytes(long offset, byte[] in) {
    int done = 0;
    while (done < in.length) {
      long at = offset + done;
      int within = (int) at & CHUNK_MASK;
      int count = (int) Math.min(in.length - done, CHUNK - within);
      chunks[(int) (at >>> CHUNK_BITS)].put(within, in, done, count);
      done += count;
    }
  }

  /** The CRC-32C of {@code [offset, offset + length)}. */
  public int checksum(long offset, long length) {
    CRC32C crc = new CRC32C();
    long at = offset;
    while (at < offset + length) {
      int within = (int) at & CHUNK_MASK;
      int count = (int) Math.min(offset + length - at, CHUNK - within);
      crc.update(chunks[(int) (at >>> CHUNK_BITS)].slice(within, count));
      at += count;
    }
    return (int) crc.getValue();
  }

  /** Brings what was written to the storage device. */
  public void force() {
    for (MappedByteBuffer chunk : chunks) {
      chunk.force();
    }
  }
}
