package org.wordmill.submit.command;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.counter.CounterKryoRegistrator;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.trainer.TrainerSettings;

/**
 * Spark contexts with the settings that our jobs need. The master and the resources are never set
 * here: they belong to whoever submits. What is set is only what is missing.
 */
final class SparkSessions {
  /** The name that the launcher gives, to be replaced by one that says more. */
  private static final String LAUNCHER_NAME = "wordmill";

  private SparkSessions() {}

  /** Starts Spark for jobs on n-grams; the caller stops it. */
  static JavaSparkContext forNgrams(String application) {
    return open(
        application,
        Map.of(
            "spark.serializer",
            "org.apache.spark.serializer.KryoSerializer",
            "spark.kryo.registrator",
            CounterKryoRegistrator.class.getName(),
            // Vocabularies and blocks of n-grams are single objects.
            "spark.kryoserializer.buffer.max",
            "2047m",
            "spark.driver.maxResultSize",
            "0"));
  }

  /** Starts Spark for training; the caller stops it. */
  static JavaSparkContext forTraining(String application) {
    return open(application, TrainerSettings.recommended());
  }

  private static JavaSparkContext open(String application, Map<String, String> settings) {
    Versions.requireScala();
    SparkConf conf = new SparkConf();
    if (!conf.contains("spark.master")) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no Spark master",
          "",
          "start with submit/bin/wordmill or spark-submit, which give one");
    }
    if (conf.get("spark.app.name", LAUNCHER_NAME).equals(LAUNCHER_NAME)) {
      conf.setAppName(LAUNCHER_NAME + " " + application);
    }
    settings.forEach(conf::setIfMissing);
    return new JavaSparkContext(conf);
  }
}
