package org.wordmill.counter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;

/** The stages of a job as a user sees them: on the Spark UI, in the log, and as seconds. */
final class Stages {
  private final JavaSparkContext spark;
  private final Logger log;
  private final int count;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private String name = "";
  private String title = "";
  private long begun;

  Stages(JavaSparkContext spark, Logger log, int count) {
    this.spark = spark;
    this.log = log;
    this.count = count;
  }

  JavaSparkContext spark() {
    return spark;
  }

  void begin(String stageName, String stageTitle) {
    name = stageName;
    title = stageTitle;
    begun = System.nanoTime();
    spark.setJobDescription(title);
    log.info("stage {}/{}: {}", seconds.size() + 1, count, title);
  }

  void done(String result) {
    double took = (System.nanoTime() - begun) / 1e9;
    seconds.put(name, took);
    log.info(
        "stage {}/{} took {} s: {}",
        seconds.size(),
        count,
        Math.round(took * 10) / 10.0,
        result.isEmpty() ? title : result);
  }

  void end() {
    spark.setJobDescription(null);
  }

  /** Seconds by stage. */
  Map<String, Double> seconds() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }
}
