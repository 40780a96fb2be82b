package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.format.json.Json;

/** Taggers from the command line: trained, asked, compared. */
class TagCommandTest {
  @TempDir private static Path folder;

  @TempDir private Path own;

  private static Path train;
  private static Path test;
  private static Path run;

  @BeforeAll
  static void trainATagger() {
    train = synthesize("train.conllu", 400, 1);
    test = synthesize("test.conllu", 200, 2);
    run = folder.resolve("birnn");
    Ran trained = train("tagger-birnn", run, 80);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
  }

  private static Path synthesize(String name, int sentences, int seed) {
    Path file = folder.resolve(name);
    Ran ran =
        Ran.wordmill(
            "synthesize",
            "--kind",
            "tagged",
            "--sentences",
            sentences,
            "--seed",
            seed,
            "--output",
            file);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return file;
  }

  private static Ran train(String preset, Path output, int steps, String... more) {
    return train(preset, train, output, steps, more);
  }

  private static Ran train(String preset, Path input, Path output, int steps, String... more) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--json", "--config", preset));
    arguments.addAll(List.of("--input", input, "--validation", test, "--output", output));
    for (String setting :
        List.of(
            "model.embedding_width=24",
            "model.width=32",
            "optimization.learning_rate.warm_up_steps=5",
            "optimization.learning_rate.peak=0.01",
            "optimization.learning_rate.decay_steps=80",
            "schedule.log_interval=1",
            "schedule.evaluation_interval=40",
            "schedule.checkpoint_interval=4",
            "schedule.steps=" + steps)) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  private static double accuracy(Path model, String what, String whose) {
    Ran ran = Ran.wordmill("tag", "--json", "--model", model, "--input", test);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.json().path(what).path(whose).doubleValue();
  }

  @Test
  void aTaggerBeatsTheMostFrequentTagAndBothWaysBeatOne() {
    Path oneWay = own.resolve("rnn");
    assertThat(train("tagger-rnn", oneWay, 80).exitCode()).isZero();
    double baseline = accuracy(run, "accuracy", "most_frequent_tag");
    double left = accuracy(oneWay, "accuracy", "tagger");
    double both = accuracy(run, "accuracy", "tagger");
    assertThat(accuracy(oneWay, "accuracy", "most_frequent_tag")).isEqualTo(baseline);
    assertThat(left).isGreaterThan(baseline + 0.02);
    assertThat(both).isGreaterThan(left + 0.02).isGreaterThan(0.97);
    assertThat(accuracy(run, "accuracy_of_unknown_words", "tagger"))
        .isGreaterThan(accuracy(run, "accuracy_of_unknown_words", "most_frequent_tag"));
  }

  /** Wider windows hear more of what decides. */
  @Test
  void aTaggerWithWindowsHearsAsFarAsTheyReach() {
    Path narrow = own.resolve("narrow");
    Path wide = own.resolve("wide");
    assertThat(train("tagger-cnn", narrow, 80, "--set", "model.window=3").exitCode()).isZero();
    assertThat(train("tagger-cnn", wide, 80, "--set", "model.window=9").exitCode()).isZero();
    double baseline = accuracy(run, "accuracy", "most_frequent_tag");
    double some = accuracy(narrow, "accuracy", "tagger");
    assertThat(some).isGreaterThan(baseline + 0.02);
    assertThat(accuracy(wide, "accuracy", "tagger")).isGreaterThan(some + 0.02);
    Ran even = train("tagger-cnn", own.resolve("even"), 2, "--set", "model.window=4");
    assertThat(even.exitCode()).isEqualTo(2);
    assertThat(even.errors()).singleElement().asString().contains("window of 4", "odd");
  }

  @Test
  void conlluComesBackWithNothingChangedButTheTags() throws IOException {
    Path tagged = own.resolve("tagged.conllu");
    Ran ran = Ran.wordmill("tag", "--model", run, "--input", test, "--output", tagged);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("all words", "unknown words", "most frequent tag", "%");
    List<String> before = Files.readAllLines(test);
    List<String> after = Files.readAllLines(tagged);
    assertThat(after).hasSameSizeAs(before);
    int right = 0;
    int words = 0;
    for (int i = 0; i < before.size(); i++) {
      String[] gold = before.get(i).split("\t", -1);
      String[] given = after.get(i).split("\t", -1);
      if (gold.length == 10) {
        words++;
        right += gold[3].equals(given[3]) ? 1 : 0;
        given[3] = gold[3];
      }
      assertThat(given).isEqualTo(gold);
    }
    assertThat((double) right / words).isEqualTo(accuracy(run, "accuracy", "tagger"));
    assertThat(own.resolve("tagged.conllu.part")).doesNotExist();

    Ran again = Ran.wordmill("tag", "--model", run, "--input", test, "--output", tagged);
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.errors()).singleElement().asString().contains("--overwrite");
  }

  @Test
  void plainTextBecomesConlluOnStdout() throws IOException {
    Path text =
        Files.writeString(own.resolve("a.txt"), "they paint the lamp .\n\nthat is  old .\n");
    Ran ran = Ran.wordmill("tag", "--model", run, "--input", text);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            # text = they paint the lamp .
            1|they|_|PRON|_|_|_|_|_|_
            2|paint|_|VERB|_|_|_|_|_|_
            3|the|_|DET|_|_|_|_|_|_
            4|lamp|_|NOUN|_|_|_|_|_|_
            5|.|_|PUNCT|_|_|_|_|_|_

            # text = that is old .
            1|that|_|PRON|_|_|_|_|_|_
            2|is|_|AUX|_|_|_|_|_|_
            3|old|_|ADJ|_|_|_|_|_|_
            4|.|_|PUNCT|_|_|_|_|_|_

            """
                .replace('|', '\t'));
    assertThat(ran.err()).contains("sentences", "2").doesNotContain("accuracy");
    JsonNode json = Ran.wordmill("tag", "--json", "--model", run, "--input", text).json();
    assertThat(json.path("conllu").asText()).isEqualTo(ran.out());
    assertThat(json.path("words").asInt()).isEqualTo(9);
    assertThat(json.has("accuracy")).isFalse();
  }

  @Test
  void rangesEmptyNodesAndMissingTagsAreNoWordsToBeRightAbout() throws IOException {
    String odd =
        """
        # a comment
        1-2|theypaint|_|_|_|_|_|_|_|_
        1|they|_|PRON|_|_|_|_|_|_
        2|paint|_|_|_|_|_|_|_|_
        2.1|gladly|_|ADV|_|_|_|_|_|_
        3|it|_|PRON|_|_|_|_|_|_
        """
            .replace('|', '\t');
    Path file = Files.writeString(own.resolve("odd.txt"), odd);
    Ran ran = Ran.wordmill("tag", "--json", "--format", "conllu", "--model", run, "--input", file);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().path("conllu").asText())
        .isEqualTo(odd.replace("2\tpaint\t_\t_", "2\tpaint\t_\tVERB") + "\n");
    assertThat(ran.json().path("words").asInt()).isEqualTo(3);
    assertThat(ran.json().path("accuracy").path("words").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 a _ X _ _ _ _ _; :1; 10 with tabs",
        "1 a _ X _ _ _ _ _ _|3 b _ X _ _ _ _ _ _; :2; '3' after 1",
        "1 a _ X _ _ _ _ _ _||# end; :3; comments without a sentence",
      })
  void malformedLinesEndWithFileAndLine(String content, String line, String what)
      throws IOException {
    Path bad =
        Files.writeString(
            own.resolve("bad.conllu"), content.replace(' ', '\t').replace('|', '\n') + "\n");
    Path output = own.resolve("out.conllu");
    Ran tagged = Ran.wordmill("tag", "--model", run, "--input", bad, "--output", output);
    assertThat(tagged.exitCode()).isEqualTo(3);
    assertThat(tagged.errors()).singleElement().asString().contains("bad.conllu" + line);
    assertThat(tagged.err()).contains(what.replace("10 with tabs", "expected 10"));
    assertThat(own.toFile().list()).containsExactly("bad.conllu");

    Ran trained = train("tagger-birnn", bad, own.resolve("run"), 2);
    assertThat(trained.exitCode()).as(trained.err()).isEqualTo(3);
    assertThat(trained.errors()).singleElement().asString().contains("bad.conllu" + line);
  }

  @Test
  void whatHasNoTagsOrNoSentencesIsRefused() throws IOException {
    Path untagged = Files.writeString(own.resolve("u.conllu"), "1\ta" + "\t_".repeat(8) + "\n\n");
    Ran trained = train("tagger-birnn", untagged, own.resolve("run"), 2);
    assertThat(trained.exitCode()).isEqualTo(3);
    assertThat(trained.errors()).singleElement().asString().contains("has a tag", "UPOS");
    Path empty = Files.writeString(own.resolve("e.conllu"), "\n\n");
    Ran tagged = Ran.wordmill("tag", "--model", run, "--input", empty);
    assertThat(tagged.exitCode()).isEqualTo(3);
    assertThat(tagged.errors()).singleElement().asString().contains("nothing to tag");
    assertThat(Ran.wordmill("tag", "--model", own.resolve("none"), "--input", test).exitCode())
        .isEqualTo(4);
  }

  @Test
  void aTaggerIsNoLanguageModelAndALanguageModelIsNoTagger() {
    Ran scored = Ran.wordmill("score", "--model", run, "--input", test);
    assertThat(scored.exitCode()).isEqualTo(2);
    assertThat(scored.errors())
        .singleElement()
        .asString()
        .contains("recurrent-tagger, not a language model");
    Ran mixed = train("tagger-birnn", own.resolve("run"), 2, "--set", "tokenizer=characters");
    assertThat(mixed.exitCode()).isEqualTo(2);
    assertThat(mixed.errors()).singleElement().asString().contains("tokenizer = characters");
  }

  @Test
  void theModelTellsItsTags() {
    JsonNode facts = Ran.wordmill("inspect", "--json", run).json();
    assertThat(facts.path("kind").asText()).isEqualTo("recurrent-tagger");
    assertThat(facts.path("tags"))
        .extracting(JsonNode::asText)
        .containsExactly("ADJ", "AUX", "CCONJ", "DET", "NOUN", "PRON", "PROPN", "PUNCT", "VERB");
    assertThat(Ran.wordmill("inspect", "tagger-birnn").exitCode()).isZero();
  }

  @Test
  void aRunThatWasStoppedGoesOnWithTheSameBits() throws IOException {
    Path unbroken = own.resolve("unbroken");
    Path stopped = own.resolve("stopped");
    assertThat(train("tagger-birnn", unbroken, 8).exitCode()).isZero();
    assertThat(train("tagger-birnn", stopped, 4).exitCode()).isZero();
    Ran resumed = train("tagger-birnn", stopped, 8, "--resume");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(losses(stopped)).hasSize(8).isEqualTo(losses(unbroken));
  }

  private static List<Double> losses(Path run) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode step = Json.parse(line, "metrics");
      if (step.has("loss")) {
        losses.add(step.path("loss").doubleValue());
      }
    }
    return losses;
  }
}
