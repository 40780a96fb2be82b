package org.wordmill.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * The Spark settings that training wants, each with its reason. None of them is needed for right
 * results, except the serializer and its registrator.
 */
public final class TrainerSettings {
  private TrainerSettings() {}

  /** Keys and values, to be set where the user has not. */
  public static Map<String, String> recommended() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    settings.put("spark.kryo.registrator", TrainerKryoRegistrator.class.getName());
    // A message is a handful of objects, one of them large: nothing refers to anything twice.
    settings.put("spark.kryo.referenceTracking", "false");
    // Counted words come as one message; Kryo's limit is below 2 GiB.
    settings.put("spark.kryoserializer.buffer.max", "2047m");
    settings.put("spark.driver.maxResultSize", "0");
    // How the training goes, among Spark's metrics.
    settings.put("spark.plugins", TrainingMetricsPlugin.class.getName());
    // Thousands of short jobs: the user interface keeps the latest.
    settings.put("spark.ui.retainedJobs", "200");
    settings.put("spark.ui.retainedStages", "200");
    settings.put("spark.ui.retainedTasks", "2000");
    return settings;
  }

  /** Sets what is missing in {@code conf}, and returns it. */
  public static SparkConf apply(SparkConf conf) {
    recommended().forEach(conf::setIfMissing);
    return conf;
  }
}
