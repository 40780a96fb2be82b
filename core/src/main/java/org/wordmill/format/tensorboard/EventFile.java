package org.wordmill.format.tensorboard;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of events that TensorBoard shows, written record by record and flushed with each, so that
 * it can be watched while it grows. TensorBoard looks for names with {@code tfevents} in them.
 *
 * <pre>
 * record  := length (8 bytes) masked(crc32c(length)) (4) data masked(crc32c(data)) (4), little-endian
 * masked  := (crc rotated right by 15 bits) + 0xa282ead8
 * Event   := 1: wall_time double, 2: step int64, 3: file_version string, 5: summary Summary
 * Summary := 1: repeated { 1: tag string, 2: simple_value float }
 * </pre>
 *
 * <p>Source: TensorFlow's {@code event.proto}, {@code summary.proto} and TFRecord format. For use
 * by one thread.
 */
public final class EventFile implements Closeable {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;

  // Numbers of fields with their wire types: 0 varint, 1 eight bytes, 2 a length, 5 four bytes.
  private static final int WALL_TIME = 1 << 3 | 1;
  private static final int STEP = 2 << 3;
  private static final int FILE_VERSION = 3 << 3 | 2;
  private static final int SUMMARY = 5 << 3 | 2;
  private static final int VALUE = 1 << 3 | 2;
  private static final int TAG = 1 << 3 | 2;
  private static final int SIMPLE_VALUE = 2 << 3 | 5;

  private final OutputStream out;

  /**
   * Begins a file.
   *
   * @param out is closed with this
   * @param wallTime seconds since 1970
   */
  public EventFile(OutputStream out, double wallTime) throws IOException {
    this.out = out;
    Message event = new Message().eight(WALL_TIME, Double.doubleToLongBits(wallTime));
    record(event.bytes(FILE_VERSION, VERSION.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes what is known at one time.
   *
   * @param wallTime seconds since 1970
   * @param values by tag; a slash in a tag ends the name of its group
   */
  public void scalars(double wallTime, long step, Map<String, Double> values) throws IOException {
    Message summary = new Message();
    values.forEach(
        (tag, value) ->
            summary.bytes(
                VALUE,
                new Message()
                    .bytes(TAG, tag.getBytes(StandardCharsets.UTF_8))
                    .four(SIMPLE_VALUE, Float.floatToIntBits(value.floatValue()))
                    .toByteArray()));
    record(
        new Message()
            .eight(WALL_TIME, Double.doubleToLongBits(wallTime))
            .varint(STEP, step)
            .bytes(SUMMARY, summary.toByteArray()));
  }

  private void record(Message message) throws IOException {
    byte[] data = message.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(record.array(), 0, Long.BYTES));
    record.put(data).putInt(masked(data, 0, data.length));
    out.write(record.array());
    out.flush();
  }

  private static int masked(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** The fields of a protocol buffer. */
  private static final class Message {
    private final ByteArrayOutputStream fields = new ByteArrayOutputStream();

    Message varint(int key, long value) {
      fields.write(key);
      varint(value);
      return this;
    }

    Message eight(int key, long bits) {
      fields.write(key);
      little(bits, Long.BYTES);
      return this;
    }

    Message four(int key, int bits) {
      fields.write(key);
      little(bits, Integer.BYTES);
      return this;
    }

    Message bytes(int key, byte[] content) {
      fields.write(key);
      varint(content.length);
      fields.writeBytes(content);
      return this;
    }

    byte[] toByteArray() {
      return fields.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        fields.write((int) (rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      fields.write((int) rest);
    }

    private void little(long bits, int bytes) {
      for (int i = 0; i < bytes; i++) {
        fields.write((int) (bits >>> 8 * i));
      }
    }
  }
}
