package org.wordmill.counter;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** Takes chunks of whole lines of ARPA. */
interface LineSink extends Closeable {

  void write(byte[] lines) throws IOException;

  /** Writes the lines as they are. */
  record Plain(OutputStream out) implements LineSink {
    @Override
    public void write(byte[] lines) throws IOException {
      out.write(lines);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
