package org.wordmill.format.ngramtable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.wordmill.format.arpa.ArpaBatch;

/**
 * The n-grams of one order in a temporary file, in the order in which they came: 20 bytes each, the
 * entry of the context, the word, probability and back-off.
 */
final class Records implements AutoCloseable {
  private static final int BYTES = 20;

  /** How many records are read at a time: as many as are added. */
  private static final int BATCH = ArpaBatch.CAPACITY;

  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BYTES * BATCH).order(ByteOrder.LITTLE_ENDIAN);
  private long count;

  private final long[] contexts = new long[BATCH];
  private final int[] words = new int[BATCH];
  private final float[] probabilities = new float[BATCH];
  private final float[] backoffs = new float[BATCH];

  /** Hears of the records, up to {@link ArpaBatch#CAPACITY} at a time: those below the count. */
  @FunctionalInterface
  interface Visitor {
    void records(int count, long[] contexts, int[] words, float[] probabilities, float[] backoffs);
  }

  Records(FileChannel channel) {
    this.channel = channel;
  }

  void add(long context, int word, float probability, float backoff) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putLong(context).putInt(word).putFloat(probability).putFloat(backoff);
    count++;
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Tells all records and forgets them. */
  void drain(Visitor visitor) throws IOException {
    flush();
    channel.position(0);
    long left = count;
    while (left > 0) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left * BYTES));
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new EOFException("a temporary file was cut off");
        }
      }
      buffer.flip();
      int read = buffer.remaining() / BYTES;
      for (int i = 0; i < read; i++) {
        contexts[i] = buffer.getLong();
        words[i] = buffer.getInt();
        probabilities[i] = buffer.getFloat();
        backoffs[i] = buffer.getFloat();
      }
      visitor.records(read, contexts, words, probabilities, backoffs);
      left -= read;
    }
    buffer.clear();
    channel.truncate(0);
    channel.position(0);
    count = 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
