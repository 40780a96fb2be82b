package org.wordmill.counter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes {@code w1 w2 w3<TAB>count} lines. */
final class TsvSink implements CountSink {
  private final OutputStream out;

  /**
   * @param out buffered; closed by this sink
   */
  TsvSink(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(GramBatch batch) throws IOException {
    for (int i = 0; i < batch.size(); i++) {
      for (int position = 0; position < batch.order(); position++) {
        if (position > 0) {
          out.write(' ');
        }
        out.write(batch.word(i, position));
      }
      out.write('\t');
      out.write(Long.toString(batch.count(i)).getBytes(StandardCharsets.US_ASCII));
      out.write('\n');
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
