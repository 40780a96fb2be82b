package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text of known entropy from the command line. */
class SynthesizeCommandTest {
  @TempDir private Path folder;

  private Ran synthesize(String name, int sentences, int seed) {
    return Ran.wordmill(
        "synthesize",
        "--sentences",
        sentences,
        "--seed",
        seed,
        "--output",
        folder.resolve(name),
        "--json");
  }

  @Test
  void oneSeedGivesOneTextOfTheLengthAskedFor() {
    assertThat(synthesize("a.txt", 200, 7).exitCode()).isZero();
    assertThat(synthesize("b.txt", 200, 7).exitCode()).isZero();
    assertThat(synthesize("c.txt", 200, 8).exitCode()).isZero();
    assertThat(folder.resolve("a.txt")).hasSameTextualContentAs(folder.resolve("b.txt"));
    assertThat(folder.resolve("a.txt")).content().hasLineCount(200);
    assertThat(folder.resolve("c.txt")).content().isNotEqualTo(contentOf(folder.resolve("a.txt")));
  }

  @Test
  void noModelThatLearnedFromTheTextBeatsTheBestPossiblePerplexity() {
    synthesize("train.txt", 3000, 1);
    Ran test = synthesize("test.txt", 1000, 2);
    Path arpa = folder.resolve("model.arpa");
    Ran estimated =
        Ran.wordmill(
            "estimate",
            "--input",
            folder.resolve("train.txt"),
            "--order",
            3,
            "--discount-fallback",
            "--arpa",
            arpa);
    assertThat(estimated.exitCode()).as(estimated.err()).isZero();
    Ran scored =
        Ran.wordmill("score", "--model", arpa, "--input", folder.resolve("test.txt"), "--json");
    assertThat(scored.json().path("tokens")).isEqualTo(test.json().path("tokens"));
    assertThat(scored.json().path("perplexity_including_oov").doubleValue())
        .isGreaterThan(test.json().path("best_perplexity_of_this_text").doubleValue())
        .isLessThan(2 * test.json().path("best_perplexity_of_this_text").doubleValue());
  }

  @Test
  void anExistingTextIsNotReplacedUnasked() {
    synthesize("a.txt", 5, 1);
    Ran again = synthesize("a.txt", 6, 2);
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.errors()).singleElement().asString().contains("a.txt", "--overwrite");
    assertThat(folder.resolve("a.txt")).content().hasLineCount(5);
  }

  @Test
  void taggedSentencesAreConlluWithCommentsAndPartsOfSpeech() {
    Path file = folder.resolve("a.conllu");
    Ran ran =
        Ran.wordmill(
            "synthesize", "--kind", "tagged", "--sentences", 50, "--output", file, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(file)
        .content()
        .startsWith("# sent_id = 1\n# text = ")
        .contains("\tthat\t_\tPRON\t_\t_\t_\t_\t_\t_\n", "\tthat\t_\tDET\t")
        .endsWith("\t.\t_\tPUNCT\t_\t_\t_\t_\t_\t_\n\n");
    assertThat(ran.json().path("sentences").asInt()).isEqualTo(50);
    assertThat(ran.json().path("words").asLong())
        .isEqualTo(contentOf(file).lines().filter(line -> line.contains("\t")).count());
    assertThat(ran.json().path("words_with_several_tags").asLong())
        .isBetween(50L, ran.json().path("words").asLong());
  }

  @Test
  void aTextWithoutSentencesIsRefused() {
    Ran ran = synthesize("a.txt", 0, 1);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("a.txt")).doesNotExist();
  }

  private static String contentOf(Path file) {
    return org.assertj.core.util.Files.contentOf(
        file.toFile(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
