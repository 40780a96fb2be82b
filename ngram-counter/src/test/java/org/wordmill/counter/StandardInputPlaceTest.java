package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Where text from stdin goes, so that tasks find it. */
class StandardInputPlaceTest {
  private static SparkConf master(String master) {
    return new SparkConf(false).setMaster(master).set("spark.local.dir", "/scratch,/other");
  }

  private static Configuration sharing() {
    Configuration configuration = new Configuration();
    configuration.set("fs.flaky.impl", FlakyFileSystem.class.getName());
    configuration.set("fs.defaultFS", "flaky:///");
    return configuration;
  }

  @Test
  void inLocalModeItIsWhereSparkHasItsFiles() {
    for (String master : new String[] {"local", "local[2]", "local[*,4]"}) {
      assertThat(StandardInput.place(master(master), sharing())).hasToString("file:/scratch");
    }
  }

  @Test
  void onAClusterItIsOnTheFileSystemThatAllShare() {
    assertThat(StandardInput.place(master("spark://host:7077"), sharing()).toString())
        .startsWith("flaky:");
  }

  @Test
  void aClusterWithoutOneRefusesInOneLine() {
    SparkConf remote = master("yarn").set("spark.submit.deployMode", "cluster");
    for (Object[] pair :
        new Object[][] {{master("spark://host:7077"), new Configuration()}, {remote, sharing()}}) {
      assertThatThrownBy(() -> StandardInput.place((SparkConf) pair[0], (Configuration) pair[1]))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("--input -")
          .hasMessageNotContaining("\n");
    }
  }
}
