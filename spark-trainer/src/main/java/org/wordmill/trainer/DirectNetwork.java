package org.wordmill.trainer;

import java.io.Serializable;
import org.apache.spark.SparkConf;

/**
 * How the processes of a team find each other, and talk.
 *
 * @param bind the address of the driver's machine to listen at
 * @param host the name by which the workers find it
 * @param limitMillis how long others may be silent who should not be
 * @param shared a folder in memory, by which workers of one machine share some; empty for none
 */
record DirectNetwork(String bind, String host, int limitMillis, String shared)
    implements Serializable {
  /** Of Spark's configuration: the folder, or {@code none}. */
  static final String SHARED_MEMORY = "spark.wordmill.direct.sharedMemory";

  private static final String NONE = "none";

  static DirectNetwork of(SparkConf conf) {
    String host = conf.get("spark.driver.host");
    String shared = conf.get(SHARED_MEMORY, "/dev/shm");
    return new DirectNetwork(
        conf.get("spark.driver.bindAddress", host),
        host,
        Math.toIntExact(conf.getTimeAsMs("spark.network.timeout", "120s")),
        shared.equals(NONE) ? "" : shared);
  }
}
