package org.wordmill.submit.command;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Spark contexts with the settings that our jobs need. The master and the resources are never set
 * here: they belong to whoever submits. What is set is only what is missing.
 */
final class SparkSessions {
  private SparkSessions() {}

  /**
   * Starts Spark; the caller stops it.
   *
   * @param application the name that the cluster shows
   * @param registrators the Kryo registrators of the jobs that will run
   */
  static JavaSparkContext open(String application, List<String> registrators) {
    Versions.requireScala();
    SparkConf conf = new SparkConf();
    if (!conf.contains("spark.master")) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no Spark master",
          "",
          "start with submit/bin/wordmill or spark-submit, which give one");
    }
    if (conf.get("spark.app.name", "").isEmpty() || conf.get("spark.app.name").equals("wordmill")) {
      conf.setAppName("wordmill " + application);
    }
    conf.setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    conf.setIfMissing("spark.kryo.registrator", String.join(",", registrators));
    conf.setIfMissing("spark.kryoserializer.buffer.max", "1g");
    conf.setIfMissing("spark.driver.maxResultSize", "0");
    return new JavaSparkContext(conf);
  }
}
