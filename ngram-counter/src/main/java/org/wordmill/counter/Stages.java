package org.wordmill.counter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;

/**
 * The stages of a job as a user sees them: on the Spark UI, in the log, as seconds, and by how
 * evenly their tasks ran.
 */
final class Stages {
  private final JavaSparkContext spark;
  private final Logger log;
  private final int count;
  private final TaskClock clock;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Map<String, TaskTimes> tasks = new LinkedHashMap<>();
  private String name = "";
  private String title = "";
  private long begun;

  Stages(JavaSparkContext spark, Logger log, int count) {
    this.spark = spark;
    this.log = log;
    this.count = count;
    this.clock = TaskClock.start(spark);
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
    Optional<TaskTimes> times = clock.lap();
    times.ifPresent(found -> tasks.put(name, found));
    log.info(
        "stage {}/{} took {} s: {}{}",
        seconds.size(),
        count,
        Math.round(took * 10) / 10.0,
        result.isEmpty() ? title : result,
        times.map(Stages::told).orElse(""));
  }

  void end() {
    clock.stop();
    spark.setJobDescription(null);
  }

  private static String told(TaskTimes times) {
    return String.format(
        Locale.ROOT,
        "; the longest of %d tasks took %.1f s, the median %.1f s",
        times.tasks(),
        times.longestSeconds(),
        times.medianSeconds());
  }

  /** The tasks by stage, of the stages that had several. */
  Map<String, TaskTimes> tasks() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
  }

  /** Seconds by stage. */
  Map<String, Double> seconds() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }
}
