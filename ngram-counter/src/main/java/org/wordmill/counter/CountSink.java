package org.wordmill.counter;

import java.io.Closeable;
import java.io.IOException;

/** One open file of counts of one order. */
interface CountSink extends Closeable {
  void write(GramBatch batch) throws IOException;
}
