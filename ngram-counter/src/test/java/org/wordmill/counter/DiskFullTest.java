package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** What is told of a full disk, by who was writing. */
class DiskFullTest {
  private static final String FULL = "No space left on device";

  @Test
  void whatSparkWritesForItselfIsScratchSpace() {
    StackTraceElement[] writers = {
      new StackTraceElement(
          "org.apache.spark.storage.DiskBlockObjectWriter", "commitAndGet", null, 1),
      new StackTraceElement("org.apache.spark.util.Utils$", "fetchFile", null, 1)
    };
    for (StackTraceElement writer : writers) {
      IOException thrown = new IOException(FULL);
      thrown.setStackTrace(
          new StackTraceElement[] {
            new StackTraceElement("java.io.FileOutputStream", "writeBytes", null, -2), writer
          });
      WordmillException fault = DiskFull.fault(thrown, "counts").orElseThrow();
      assertThat(fault.exitCode()).isEqualTo(ExitCode.STORAGE);
      assertThat(fault)
          .hasMessageStartingWith("the disk is full, Spark's scratch space")
          .hasMessageEndingWith("set spark.local.dir to a place with more");
    }
  }

  @Test
  void whatAFileSystemOfHadoopWritesIsTheOutput() {
    IOException thrown = new IOException(FULL);
    thrown.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.apache.hadoop.fs.FSDataOutputStream", "write", null, 1),
          new StackTraceElement("org.apache.spark.shuffle.Writer", "write", null, 1)
        });
    assertThat(DiskFull.fault(thrown, "counts").orElseThrow())
        .hasMessage("the disk is full, counts, free space there, or give another output");
  }

  @Test
  void aPlaceThatIsNamedIsTold() {
    assertThat(DiskFull.fault(new FileSystemException("/a/b", null, FULL), "x").orElseThrow())
        .hasMessageContaining("the disk is full, /a/b,");
    assertThat(
            DiskFull.fault(new FileNotFoundException("/a (b) (" + FULL + ")"), "x").orElseThrow())
        .hasMessageContaining("the disk is full, /a (b),");
    assertThat(DiskFull.fault(new IOException("Disk quota exceeded"), "x")).isPresent();
    assertThat(DiskFull.fault(new IOException("broken pipe"), "x")).isEmpty();
  }

  @Test
  void scratchSpaceIsWhereSparkHasIt() {
    SparkConf conf = new SparkConf(false).set("spark.local.dir", "/a, /b");
    assertThat(Scratch.directories(conf, Map.of())).isEqualTo(List.of("/a", "/b"));
    assertThat(Scratch.directories(conf, Map.of("SPARK_LOCAL_DIRS", "/c"))).containsExactly("/c");
    assertThat(
            Scratch.directories(
                conf, Map.of("CONTAINER_ID", "1", "LOCAL_DIRS", "/d,/e", "SPARK_LOCAL_DIRS", "/c")))
        .containsExactly("/d", "/e");
  }
}
