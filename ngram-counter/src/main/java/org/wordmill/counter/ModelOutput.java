package org.wordmill.counter;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaPairRDD;
import org.wordmill.error.WordmillException;

/** A model in the making, which appears under its name when it is complete. */
interface ModelOutput extends AutoCloseable {

  /**
   * Checks a target before any work is done.
   *
   * @throws WordmillException STORAGE when the target exists and may not be replaced, or when
   *     nothing can be written there
   */
  static ModelOutput begin(ModelTarget target, Configuration configuration) {
    if (target instanceof ParquetTarget parquet) {
      return ParquetModel.begin(parquet, configuration);
    }
    return ArpaFile.begin((ArpaTarget) target, configuration);
  }

  /** Runs the job whose result are the lines of orders 2 and above, as ARPA has them. */
  void writeParts(JavaPairRDD<Integer, byte[]> lines);

  /**
   * Completes the model and gives it its name.
   *
   * @param counts {@code counts[n-1]} entries of order n
   * @param unigrams the lines of order 1
   */
  void finish(long[] counts, byte[] unigrams) throws IOException;

  /** Removes what is unfinished. */
  @Override
  void close();
}
