package org.wordmill.submit.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.OffHeapMemory;
import picocli.CommandLine.Option;

/**
 * What a process of local mode may take. A running Java cannot be told: it is the launcher that
 * reads this option and sets the heap, and here it is only seen whether that has happened.
 */
final class MemoryOption {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,6})([mgt])b?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "mgt";
  private static final int MIB_SHIFT = 20;
  private static final int UNIT_SHIFT = 10;
  private static final long LEAST = 1L << 30;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "What the process may take in local mode, such as 6g, 1g at least: Java's heap and what"
              + " Java takes beside it. The rest goes to files in spark.local.dir. On a cluster it"
              + " is spark-submit's --executor-memory. Default: a heap of half of the machine.")
  private @Nullable String memory;

  /**
   * Checks that the process keeps within it.
   *
   * @throws WordmillException USAGE when it does not, or the option makes no sense
   */
  void require() {
    String given = memory;
    if (given != null) {
      require(
          given, new SparkConf().get("spark.master", "local"), Runtime.getRuntime().maxMemory());
    }
  }

  /**
   * @param heap the bytes that Java's heap may grow to
   */
  static void require(String given, String master, long heap) {
    Matcher matcher = SIZE.matcher(given);
    long bytes = 0;
    if (matcher.matches()) {
      int unit = UNITS.indexOf(matcher.group(2).toLowerCase(Locale.ROOT));
      bytes = Long.parseLong(matcher.group(1)) << MIB_SHIFT + UNIT_SHIFT * unit;
    }
    if (bytes < LEAST) {
      throw refusal("a size of 1g or more was expected", given, "write one such as 6g or 1500m");
    }
    if (!master.startsWith("local")) {
      throw refusal(
          "the master is " + master + ", where executors do the work",
          given,
          "leave it out, and set spark-submit's --executor-memory");
    }
    if (heap > bytes) {
      throw refusal(
          "Java was started with a heap of up to " + OffHeapMemory.readable(heap),
          given,
          "start with bin/wordmill and without --driver-memory, or with a smaller one");
    }
  }

  private static WordmillException refusal(String what, String given, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "option --memory " + given, remedy);
  }
}
