package org.wordmill.trainer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;

/** A short message while it is put together. */
final class DirectBytes extends ByteArrayOutputStream {

  /**
   * @param header bytes to be filled in at the beginning
   */
  DirectBytes(int header) {
    super(header + 64);
    count = header;
  }

  DataOutputStream out() {
    return new DataOutputStream(this);
  }

  synchronized ByteBuffer toBuffer() {
    return ByteBuffer.wrap(buf, 0, count);
  }

  static DataInputStream in(byte[] payload) {
    return new DataInputStream(new ByteArrayInputStream(payload));
  }
}
