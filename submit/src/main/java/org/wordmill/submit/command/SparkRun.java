package org.wordmill.submit.command;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.trainer.TrainerSettings;

/**
 * A Spark context from start to stop, with the settings that our jobs need. The master and the
 * resources are never set here: they belong to whoever submits. What is set is only what is
 * missing.
 */
final class SparkRun implements AutoCloseable {
  /** The name that the launcher gives, to be replaced by one that says more. */
  private static final String LAUNCHER_NAME = "wordmill";

  private static final long GRACE_MILLIS = 100;

  private final JavaSparkContext context;

  private SparkRun(JavaSparkContext context) {
    this.context = context;
  }

  /** Starts Spark for jobs on n-grams; the caller stops it. */
  static SparkRun forNgrams(String application) {
    // Vocabularies and tables of words come to the driver as single objects.
    return open(application, Map.of("spark.driver.maxResultSize", "0"));
  }

  /** Starts Spark for training; the caller stops it. */
  static SparkRun forTraining(String application) {
    return open(application, TrainerSettings.recommended());
  }

  private static SparkRun open(String application, Map<String, String> settings) {
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
    return new SparkRun(new JavaSparkContext(conf));
  }

  JavaSparkContext context() {
    return context;
  }

  /** For jobs on tables, which most jobs are not. */
  SparkSession session() {
    return SparkSession.builder().sparkContext(context.sc()).getOrCreate();
  }

  /**
   * Stops Spark. Broadcasts are removed behind the scenes after they were destroyed, and a stop in
   * the middle of that makes Spark print a stack trace; nothing tells when it is done.
   */
  @Override
  public void close() {
    try {
      Thread.sleep(GRACE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      context.close();
    }
  }
}
