package org.wordmill.submit.command;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.wordmill.counter.CounterKryoRegistrator;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.trainer.TrainerSettings;
import scala.Tuple2;

/**
 * A Spark context from start to stop, with the settings that our jobs need. The master and the
 * resources are never set here: they belong to whoever submits. What is set is only what is
 * missing.
 */
final class SparkRun implements AutoCloseable {
  /** The name that the launcher gives, to be replaced by one that says more. */
  private static final String LAUNCHER_NAME = "wordmill";

  /** What Spark's settings for Hadoop begin with. */
  private static final String HADOOP = "spark.hadoop.";

  private static final long GRACE_MILLIS = 100;

  /**
   * How often in a row a stage is begun again because executors were lost with what it reads. Spark
   * gives up after 4, which a cluster whose machines come and go reaches within a minute.
   */
  private static final String STAGE_ATTEMPTS = "100";

  private final JavaSparkContext context;

  private SparkRun(JavaSparkContext context) {
    this.context = context;
  }

  /** Hadoop's settings as Spark will have them, before it is started. */
  static Configuration hadoop() {
    Configuration configuration = new Configuration();
    for (Tuple2<String, String> setting : new SparkConf().getAll()) {
      if (setting._1().startsWith(HADOOP)) {
        configuration.set(setting._1().substring(HADOOP.length()), setting._2());
      }
    }
    return configuration;
  }

  /** Starts Spark for jobs on n-grams; the caller stops it. */
  static SparkRun forNgrams(String application) {
    // Vocabularies and tables of words come to the driver as single objects.
    return open(
        application,
        Map.of(
            "spark.driver.maxResultSize",
            "0",
            "spark.kryo.registrator",
            CounterKryoRegistrator.class.getName()));
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
    conf.setIfMissing("spark.stage.maxConsecutiveAttempts", STAGE_ATTEMPTS);
    JavaSparkContext context = new JavaSparkContext(conf);
    if (context.sc().isStopped()) {
      // Spark ends a context behind the scenes; who goes on using it may wait for ever.
      throw new WordmillException(
          ExitCode.STORAGE,
          "Spark has ended the application before it began",
          conf.get("spark.master"),
          "check that this master is there and has room; its answer stands above");
    }
    // Jobs describe themselves; the group says whose they are, and can be cancelled as one.
    context.setJobGroup(LAUNCHER_NAME + " " + application, application, false);
    return new SparkRun(context);
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
