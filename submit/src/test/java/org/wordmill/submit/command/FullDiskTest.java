package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wordmill.submit.command.Ran.wordmill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk is told with its place, and leaves nothing that stands in the way afterwards. */
class FullDiskTest {
  @TempDir private static Path folder;
  private static Path input;

  @BeforeAll
  static void writeTheText() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append("word").append(i).append(" follows word").append(i * 7 % 400).append("\n");
    }
    input = Files.writeString(folder.resolve("text.txt"), text);
  }

  @AfterEach
  void makeRoom() {
    FullFileSystem.ROOM.set(Long.MAX_VALUE);
  }

  /** Runs a command on a disk that fills up, and again when there is room. */
  private static void failsAndThenSucceeds(long room, String output, Object... command)
      throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk-" + output));
    List<Object> all = new ArrayList<>(Arrays.asList(command));
    all.add(output.endsWith(".arpa") ? "--arpa" : "--output");
    all.add("full:" + disk.resolve(output));
    FullFileSystem.ROOM.set(room);
    Ran failed = wordmill(all.toArray());
    assertThat(failed.exitCode()).as(failed.err()).isEqualTo(4);
    assertThat(failed.errors())
        .singleElement()
        .asString()
        .contains("the disk is full, full:" + disk.resolve(output) + ", free space there");
    // A run may leave the tokens that it has made, and empty folders.
    if (!List.of("train", "import").contains(command[0])) {
      assertThat(disk).isEmptyDirectory();
    }
    all.set(all.size() - 1, disk.resolve(output));
    Ran again = wordmill(all.toArray());
    assertThat(again.exitCode()).as(again.err()).isZero();
    try (Stream<Path> files = Files.walk(disk)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("unfinished"));
    }
  }

  @Test
  void countsAndModels() throws IOException {
    failsAndThenSucceeds(2000, "counts", "count", "--input", input, "--order", 3);
    failsAndThenSucceeds(
        2000, "model.arpa", "estimate", "--input", input, "--order", 2, "--discount-fallback");
  }

  @Test
  void preparedTextAndTokenizers() throws IOException {
    failsAndThenSucceeds(2000, "shards", "prepare", "--input", input, "--tokenizer", "characters");
    // Room for vocab.json, and not for the rest.
    failsAndThenSucceeds(
        5000, "tok", "tokenizer", "train", "--input", input, "--vocabulary-size", 300);
  }

  @Test
  void runsAndTheirExports() throws IOException {
    failsAndThenSucceeds(
        2000,
        "run",
        "train",
        "--config",
        "gpt-tiny",
        "--input",
        input,
        "--set",
        "schedule.steps=1",
        "--set",
        "schedule.evaluation_interval=0");
    Path run = folder.resolve("disk-run/run");
    failsAndThenSucceeds(20_000, "gpt2", "export", "--model", run);
    failsAndThenSucceeds(20_000, "imported", "import", "--input", folder.resolve("disk-gpt2/gpt2"));
  }
}
