package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class MemoryOptionTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"6g, 5", "6G, 6", "6gb, 2", "2048m, 2", "1t, 1024"})
  void aHeapThatLeavesRoomIsTakenAsItIs(String size, long heap) {
    MemoryOption.require(size, "local[2]", heap * GIB);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          6         | local[2]    | 1 | a size of 1g or more was expected, option --memory 6
          50%       | local[2]    | 1 | write one such as 6g or 1500m
          1023m     | local[2]    | 1 | a size of 1g or more was expected
          6g        | spark://h:7 | 1 | the master is spark://h:7, where executors do the work
          6g        | local[2]    | 7 | Java was started with a heap of up to 7.0 GiB, option --memory 6g
          """)
  void whatCannotHoldIsRefused(String size, String master, long heap, String part) {
    assertThatThrownBy(() -> MemoryOption.require(size, master, heap * GIB))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(part);
  }

  @Test
  void itIsLookedAtBeforeAnythingIsDone() {
    for (String command : new String[] {"count --output", "estimate --arpa"}) {
      String[] words = command.split(" ");
      Ran ran =
          Ran.wordmill(
              words[0], "--input", folder, "--order", 2, words[1], folder, "--memory", "1");
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err()).contains("a size of 1g or more was expected");
    }
  }
}
