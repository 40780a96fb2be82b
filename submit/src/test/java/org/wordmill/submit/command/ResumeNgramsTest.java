package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wordmill.submit.command.Ran.wordmill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script that begins again keeps the stages that are finished, and no others. */
class ResumeNgramsTest {
  @TempDir private Path folder;
  private Path input;
  private Path counts;
  private Path arpa;

  @BeforeEach
  void writeTheText() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), "a b c\na b\n".repeat(40));
    counts = folder.resolve("counts");
    arpa = folder.resolve("m.arpa");
  }

  private Ran count(int order, Object... more) {
    List<Object> all =
        new ArrayList<>(
            List.of("count", "--json", "--input", input, "--order", order, "--output", counts));
    all.addAll(Arrays.asList(more));
    return wordmill(all.toArray());
  }

  @Test
  void countsOfTheSameFilesAreKeptAndOthersRefused() throws IOException {
    Ran made = count(2, "--resume");
    assertThat(made.exitCode()).as(made.err()).isZero();
    Ran kept = count(2, "--resume", "--partitions", 3);
    assertThat(kept.exitCode()).as(kept.err()).isZero();
    // With its seconds: nothing was counted.
    assertThat(kept.json()).isEqualTo(made.json());

    Ran longer = count(3, "--resume");
    assertThat(longer.exitCode()).isEqualTo(4);
    assertThat(longer.errors()).singleElement().asString().contains("options was", "\"order\":3");
    assertThat(count(2).errors()).singleElement().asString().contains("exists");

    Files.writeString(input, "d\n", StandardOpenOption.APPEND);
    assertThat(count(2, "--resume").errors()).singleElement().asString().contains("inputs was");
    Ran again = count(2, "--resume", "--overwrite");
    assertThat(again.json().path("tokens").longValue()).isEqualTo(201);

    Files.delete(counts.resolve("_SUCCESS"));
    assertThat(count(2, "--resume").errors()).singleElement().asString().contains("exists");
  }

  @Test
  void aModelIsKeptLikewise() throws IOException {
    count(2);
    Object[] estimate = {
      "estimate", "--json", "--counts", counts, "--order", 2, "--arpa", arpa, "--resume"
    };
    Object[] fallback = Arrays.copyOf(estimate, estimate.length + 1);
    fallback[estimate.length] = "--discount-fallback";
    Ran made = wordmill(fallback);
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(wordmill(fallback).json()).isEqualTo(made.json());
    assertThat(wordmill(estimate).errors()).singleElement().asString().contains("options was");
    Files.delete(arpa);
    assertThat(wordmill(fallback).json()).isNotEqualTo(made.json());
    assertThat(arpa).exists();
  }

  @Test
  void standardInputIsNotKnownAgain() {
    Ran ran = wordmill("count", "--input", "-", "--order", 2, "--output", counts, "--resume");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.errors()).singleElement().asString().contains("standard input");
  }
}
