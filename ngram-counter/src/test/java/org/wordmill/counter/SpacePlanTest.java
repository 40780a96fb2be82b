package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told, before a job begins, of places that look too small for it. */
class SpacePlanTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  @Test
  void scratchSpaceAndOutputAreComparedWithWhatIsFree() {
    SpacePlan plan =
        SpacePlan.ofModel(GIB, EstimateOptions.ofOrder(5), new ArpaTarget("/data/m.arpa", false));
    assertThat(plan.scratch()).isBetween(7 * GIB, 8 * GIB);
    List<String> shortages =
        plan.shortages(
            List.of("/tmp"),
            path ->
                Optional.of(
                    path.startsWith("/tmp")
                        ? new SpacePlan.Room("small", 2 * GIB)
                        : new SpacePlan.Room("large", 100 * GIB)));
    assertThat(shortages)
        .singleElement()
        .asString()
        .startsWith(
            "there may be too little room for Spark's scratch space /tmp: order 5 of 1.0 GiB")
        .contains("may take 7.5 GiB there, and 2.0 GiB are free", "spark.local.dir");
  }

  @Test
  void whatLiesOnOneDiskIsAddedUp() {
    CountOptions options = CountOptions.ofOrder(5).withFormat(CountOptions.Format.TSV);
    SpacePlan plan = SpacePlan.ofCounts(GIB, options, new CountTarget("/data/counts", false));
    long output = plan.outputs().values().stream().mapToLong(Long::longValue).sum();
    for (long missing : new long[] {0, 1}) {
      long free = plan.scratch() / 2 * 2 + output - missing;
      assertThat(
              plan.shortages(
                  List.of("/tmp/a", "/tmp/b"),
                  path -> Optional.of(new SpacePlan.Room("the disk", free))))
          .hasSize((int) missing)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .contains("/tmp/a and Spark's scratch space /tmp/b and the output /data"));
    }
    assertThat(plan.shortages(List.of("/tmp"), path -> Optional.empty())).isEmpty();
  }

  @Test
  void compressedTextCountsForMoreThanItsFile() {
    Path plain = SampleText.write(folder.resolve("in/a.txt"), List.of("a b"));
    Path packed = SampleText.write(folder.resolve("in/b.txt.gz"), List.of("a b"));
    long one = bytes(plain);
    assertThat(bytes(packed)).isEqualTo(3 * one);
    assertThat(bytes(folder.resolve("in"))).isEqualTo(4 * one);
  }

  private static long bytes(Path path) {
    return TextFiles.find(List.of(path.toString()), new Configuration()).textBytes();
  }
}
