package org.wordmill.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real disk, though a tiny one, that an estimate fills up. */
class TinyDiskIT {
  @TempDir private Path folder;
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(folder.resolve("disk"));
    Process process =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=2m", "wordmill-test", disk.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    mounted = process.waitFor() == 0;
    assumeTrue(mounted, "file systems cannot be mounted: " + said);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      int ended = new ProcessBuilder("umount", disk.toString()).start().waitFor();
      assertThat(ended).isZero();
    }
  }

  @Test
  void aModelThatDoesNotFitIsToldAndLeavesNothing() throws IOException {
    Path model = disk.resolve("model.arpa");
    Product.Ended ended = estimate(List.of(), model);
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.errorLines())
        .singleElement()
        .asString()
        .contains("the disk is full", model.toString());
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void scratchSpaceThatIsTooSmallIsToldAndLeavesNothing() throws IOException {
    Path model = folder.resolve("model.arpa");
    Product.Ended ended = estimate(List.of("--conf", "spark.local.dir=" + disk, "--"), model);
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.errorLines())
        .singleElement()
        .asString()
        .contains("the disk is full", "spark.local.dir");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("arpa"));
    }
  }

  private Product.Ended estimate(List<String> options, Path model) {
    String text = Product.sample("train.txt", folder).toString();
    String[] arguments =
        Stream.concat(
                options.stream(),
                Stream.of("estimate", "--input", text, "--order", "5", "--arpa", model.toString()))
            .toArray(String[]::new);
    return Product.run(folder, Map.of(), arguments);
  }
}
