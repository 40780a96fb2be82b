package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ARPA files to tables and back, and every command on a table. */
class PackCommandTest {
  private static final String ARPA =
      """
      \\data\\
      ngram 1=5
      ngram 2=3
      ngram 3=1

      \\1-grams:
      -2\t<unk>\t0
      0\t<s>\t-0.30103
      -0.5\t</s>\t0
      -1.25\ta\t-0.125
      -0.75\tżółw\t-0.0625

      \\2-grams:
      -0.25\t<s> a\t-0.5
      -0.375\ta żółw\t0
      -0.5\tżółw </s>\t0

      \\3-grams:
      -0.125\t<s> a żółw

      \\end\\
      """;

  @TempDir private Path folder;
  private Path arpa;
  private Path table;
  private Path text;

  @BeforeEach
  void writeTheModel() throws IOException {
    arpa = Files.writeString(folder.resolve("model.arpa"), ARPA);
    table = folder.resolve("model.table");
    text = Files.writeString(folder.resolve("text.txt"), "a żółw\nżółw b\n\n");
  }

  private Ran pack(Object... more) {
    Object[] arguments = {"pack", "--arpa", arpa, "--model", table};
    return Ran.wordmill(
        Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(Object[]::new));
  }

  @Test
  void everyCommandReadsATableAsItReadsTheArpaFile() {
    Ran packed = pack();
    assertThat(packed.exitCode()).as(packed.err()).isZero();
    assertThat(packed.out()).startsWith(table + ": 9 n-grams in ");
    assertThat(result("score", "--model", table, "--input", text, "--per-token"))
        .isEqualTo(result("score", "--model", arpa, "--input", text, "--per-token"));
    assertThat(result("generate", "--model", table, "--prompt", "a", "--seed", 3))
        .isEqualTo(result("generate", "--model", arpa, "--prompt", "a", "--seed", 3));
    JsonNode inspected = Ran.wordmill("inspect", table, "--verify", "--json").json();
    assertThat(inspected.path("entries")).hasToString("[5,3,1]");
    assertThat(inspected.path("layout").asText()).isEqualTo("probing");
    assertThat(inspected.path("verified").asBoolean()).isTrue();
    Ran compared = Ran.wordmill("compare", "--models", arpa, table, "--input", text);
    List<String> rows = compared.out().lines().skip(1).toList();
    assertThat(rows.get(0).replaceFirst("^\\S+\\s+", ""))
        .isEqualTo(rows.get(1).replaceFirst("^\\S+\\s+", ""));
  }

  /** What a command prints, without the name of the model. */
  private static String result(Object... arguments) {
    Ran ran = Ran.wordmill(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.out().replaceAll("(?m)^model .*$", "");
  }

  @Test
  void compactTablesScoreAsTheArpaFileAndQuantisedOnesNearly() {
    assertThat(pack("--layout", "compact").exitCode()).isZero();
    assertThat(result("score", "--model", table, "--input", text))
        .isEqualTo(result("score", "--model", arpa, "--input", text));
    Ran quantised = pack("--layout", "compact", "--quantize", 8, "--overwrite");
    assertThat(quantised.exitCode()).as(quantised.err()).isZero();
    JsonNode inspected = Ran.wordmill("inspect", table, "--json").json();
    assertThat(inspected.path("layout").asText()).isEqualTo("compact");
    assertThat(inspected.path("quantized").asBoolean()).isTrue();
    assertThat(pack("--quantize", 8, "--overwrite").err()).startsWith("error[2]: --quantize is 8");
    assertThat(pack("--layout", "flat").err()).contains("probing, compact");
  }

  @Test
  void unpackingGivesTheArpaFile() throws IOException {
    pack();
    Files.delete(arpa);
    assertThat(pack("--layout", "compact").err()).startsWith("error[2]: --layout is for tables");
    assertThat(arpa).doesNotExist();
    assertThat(pack().exitCode()).isZero();
    assertThat(arpa).hasContent(ARPA);
  }

  @Test
  void anOutputThatIsThereIsKeptWithoutOverwrite() throws IOException {
    Files.writeString(table, "mine");
    assertThat(pack().err()).startsWith("error[4]: the output is there already");
    assertThat(table).hasContent("mine");
    assertThat(pack("--overwrite").exitCode()).isZero();
    Files.delete(arpa);
    Files.delete(table);
    assertThat(pack().err()).startsWith("error[4]: neither the ARPA file nor the table");
  }

  @Test
  void damagedTablesAreRefusedWithThePlace() throws IOException {
    pack();
    byte[] bytes = Files.readAllBytes(table);
    bytes[bytes.length - 12] ^= 1;
    Files.write(table, bytes);
    Ran damaged = Ran.wordmill("inspect", table, "--verify");
    assertThat(damaged.exitCode()).isEqualTo(6);
    assertThat(damaged.err()).contains("checksum", "at byte");
    Files.write(table, Arrays.copyOf(bytes, 4200));
    Ran cut = Ran.wordmill("score", "--model", table, "--input", text);
    assertThat(cut.exitCode()).isEqualTo(6);
    assertThat(cut.err()).contains("cut off", "at byte 4200");
    assertThat(Ran.wordmill("inspect", arpa, "--verify").exitCode()).isEqualTo(2);
  }
}
