package org.wordmill.counter;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.wordmill.error.WordmillException;

/**
 * A model as Parquet in the making: the tasks write the longer n-grams, one file for each order and
 * task, and the driver the unigrams.
 */
final class ParquetModel implements ModelOutput {
  private final UnfinishedDirectory output;
  private final Configuration configuration;

  private ParquetModel(UnfinishedDirectory output, Configuration configuration) {
    this.output = output;
    this.configuration = new Configuration(configuration);
    this.configuration.set(LineOutputFormat.SUFFIX, ParquetSink.SUFFIX);
  }

  /**
   * Checks the target before any work is done.
   *
   * @throws WordmillException STORAGE when the target exists and may not be replaced, or nothing
   *     can be written there
   */
  static ParquetModel begin(ParquetTarget target, Configuration configuration) {
    return SparkFaults.unwrapping(
        target.directory(),
        () ->
            new ParquetModel(
                UnfinishedDirectory.begin(target.directory(), target.overwrite(), configuration),
                configuration));
  }

  @Override
  public void writeParts(JavaPairRDD<Integer, byte[]> lines) {
    lines.saveAsNewAPIHadoopFile(
        output.path().toString(),
        Integer.class,
        byte[].class,
        LineOutputFormat.class,
        configuration);
  }

  @Override
  public void finish(long[] counts, byte[] unigrams) throws IOException {
    Path directory = new Path(output.path(), LineOutputFormat.directory(1));
    Path file = new Path(directory, "part-00000" + ParquetSink.SUFFIX);
    try (ParquetModelSink sink = new ParquetModelSink(file, configuration)) {
      sink.write(unigrams);
    }
    output.files().create(new Path(output.path(), "_SUCCESS"), true).close();
    output.publish();
  }

  @Override
  public void close() {
    SparkFaults.unwrapping(
        output.path().toString(),
        () -> {
          output.close();
          return true;
        });
  }
}
