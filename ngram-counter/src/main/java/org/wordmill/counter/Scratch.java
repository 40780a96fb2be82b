package org.wordmill.counter;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** The directories of this machine where Spark keeps shuffles and what memory does not hold. */
final class Scratch {
  private Scratch() {}

  /** Those of the Spark that runs here; none when there is none. */
  static List<String> directories() {
    SparkEnv spark = SparkEnv.get();
    return spark == null ? List.of() : directories(spark.conf(), System.getenv());
  }

  /** As Spark chooses: what the resource manager gives, the environment, the settings. */
  static List<String> directories(SparkConf conf, Map<String, String> environment) {
    String otherwise = conf.get("spark.local.dir", System.getProperty("java.io.tmpdir", "/tmp"));
    String yarn = environment.containsKey("CONTAINER_ID") ? environment.get("LOCAL_DIRS") : null;
    String found =
        Stream.of(yarn, environment.get("SPARK_LOCAL_DIRS"))
            .filter(directories -> directories != null && !directories.isEmpty())
            .findFirst()
            .orElse(otherwise);
    return Stream.of(found.split(",")).map(String::strip).filter(dir -> !dir.isEmpty()).toList();
  }
}
