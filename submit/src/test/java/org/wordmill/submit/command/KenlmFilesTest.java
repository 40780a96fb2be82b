package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.wordmill.submit.command.Ran.wordmill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on a model in a binary file of KenLM, as people have them. */
class KenlmFilesTest {
  @TempDir private static Path folder;
  private static Path arpa;
  private static Path text;

  @BeforeAll
  static void copyTheFiles() throws IOException {
    arpa = golden("grist.arpa");
    text = golden("grist-test.txt");
  }

  /** A file that KenLM wrote. */
  private static Path golden(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        KenlmFilesTest.class.getResourceAsStream("/org/wordmill/format/kenlm/" + name)) {
      return Files.exists(file)
          ? file
          : Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
    }
  }

  private static JsonNode score(Path model) {
    Ran ran = wordmill("score", "--model", model, "--input", text, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.json();
  }

  @ParameterizedTest
  @ValueSource(strings = {"probing.klm", "trie.klm", "array.klm", "wordless.klm"})
  void scoresAreThoseOfTheArpaFile(String name) throws IOException {
    JsonNode expected = score(arpa);
    JsonNode actual = score(golden(name));
    for (String figure :
        List.of("perplexity_including_oov", "perplexity_excluding_oov", "oov", "tokens")) {
      assertThat(actual.get(figure).asDouble())
          .as(figure)
          .isCloseTo(expected.get(figure).asDouble(), within(1e-5));
    }
    assertThat(actual.get("kind").asText()).isEqualTo("ngram");
  }

  /** The perplexities that query printed for this file. */
  @Test
  void aQuantizedTrieScoresWithItsOwnNumbers() throws IOException {
    JsonNode quantized = score(golden("quantized-array.klm"));
    for (String line : Files.readAllLines(golden("query-quantized.txt"))) {
      if (line.startsWith("Perplexity including OOVs:")) {
        assertThat(quantized.get("perplexity_including_oov").asDouble())
            .isCloseTo(Double.parseDouble(line.split("\t")[1]), within(1e-6));
      }
    }
  }

  @Test
  void tokensAreToldOneByOneAndModelsCompared() throws IOException {
    Path trie = golden("trie.klm");
    Ran ran = wordmill("score", "--model", trie, "--input", text, "--per-token");
    assertThat(ran.out()).contains("0\tturns\t-0.207504\t4\n", "5\theavy\t-2.643547\t1\n");
    Ran compared =
        wordmill("compare", "--models", arpa, trie, golden("wordless.klm"), "--input", text);
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.out().lines().filter(line -> line.contains(" 9.395 "))).hasSize(3);
  }

  /** KenLM's own output for its own files, byte for byte. */
  @Test
  void scoresInTheFormOfQueryAreWhatQueryPrints() throws IOException {
    assertThat(query(golden("trie.klm"))).isEqualTo(Files.readString(golden("query.txt")));
    assertThat(query(golden("quantized.klm")))
        .isEqualTo(Files.readString(golden("query-quantized.txt")));
  }

  @Test
  void idsInTheFormOfQueryAreThoseOfAProbingFileOfTheSameModel() throws IOException {
    String ofArpa = query(arpa);
    assertThat(ofArpa).contains("\theavy=0 1 -2.6435466\t");
    assertThat(withoutFractions(ofArpa)).isEqualTo(withoutFractions(query(golden("probing.klm"))));
    Path table = folder.resolve("grist.table");
    assertThat(wordmill("pack", "--arpa", arpa, "--model", table).exitCode()).isZero();
    assertThat(query(table)).isEqualTo(ofArpa);
  }

  /** Our sums are of doubles, KenLM's of floats, so that last digits differ. */
  private static String withoutFractions(String lines) {
    return lines.replaceAll("(\\.\\d{4})\\d+", "$1");
  }

  private static String query(Path model) {
    Ran ran = wordmill("score", "--model", model, "--input", text, "--per-token", "kenlm");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"probing.klm", "trie.klm"})
  void textIsGeneratedAsFromTheArpaFile(String name) throws IOException {
    Ran expected = generate(arpa);
    Ran actual = generate(golden(name));
    assertThat(actual.exitCode()).as(actual.err()).isZero();
    assertThat(actual.out()).isEqualTo(expected.out()).startsWith("the baker ");
  }

  private static Ran generate(Path model) {
    return wordmill("generate", "--model", model, "--prompt", "the baker", "--temperature", 0);
  }

  @Test
  void rowsOfACorpusAreScoredOnSpark() throws IOException {
    Path output = folder.resolve("scored");
    Ran ran =
        wordmill(
            "score", "--model", golden("array.klm"), "--input", text, "--output", output, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().get("rows").asInt()).isEqualTo(6);
    assertThat(ran.json().get("oov").asInt()).isEqualTo(1);
    assertThat(ran.json().get("perplexity_including_oov").asDouble())
        .isCloseTo(score(arpa).get("perplexity_including_oov").asDouble(), within(1e-5));
  }

  @Test
  void inspectTellsWhatItIs() throws IOException {
    Ran ran = wordmill("inspect", golden("quantized-array.klm"), "--json");
    assertThat(ran.json().get("layout").asText())
        .isEqualTo("KenLM quantized trie with array pointers");
    assertThat(ran.json().get("quantized").asBoolean()).isTrue();
    assertThat(ran.json().get("order").asInt()).isEqualTo(4);
    assertThat(ran.json().get("entries").toString()).isEqualTo("[41,80,94,90]");
  }

  @Test
  void whatAFileCannotDoIsRefusedInOneLine() throws IOException {
    Ran wordless = generate(golden("wordless.klm"));
    assertThat(wordless.exitCode()).isEqualTo(6);
    assertThat(wordless.errors()).singleElement().asString().contains("without its words");
    Ran pruned =
        wordmill(
            "prune",
            "--arpa",
            golden("trie.klm"),
            "--threshold",
            "1e-6",
            "--output",
            folder.resolve("small.arpa"));
    assertThat(pruned.exitCode()).isEqualTo(6);
    assertThat(pruned.errors()).singleElement().asString().contains("a binary file of KenLM");
    Path cut = folder.resolve("cut.klm");
    byte[] whole = Files.readAllBytes(golden("trie.klm"));
    Files.write(cut, Arrays.copyOf(whole, whole.length - 100));
    Ran scored = wordmill("score", "--model", cut, "--input", text);
    assertThat(scored.exitCode()).isEqualTo(6);
    assertThat(scored.errors()).singleElement().asString().contains("cut off");
    Ran corpus =
        wordmill("score", "--model", cut, "--input", text, "--output", folder.resolve("none"));
    assertThat(corpus.exitCode()).isEqualTo(6);
  }
}
