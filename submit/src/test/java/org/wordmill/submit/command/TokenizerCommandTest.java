package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer from text, to ids and back, and a model of its tokens. */
class TokenizerCommandTest {
  private static final String TEXT = "the wheel turns, the größer 😀 mill it's\n\n\tstands still\n";

  @TempDir private Path folder;
  private Path input;
  private Path tok;

  @BeforeEach
  void train() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), TEXT.repeat(20));
    tok = folder.resolve("tok");
    Ran ran =
        Ran.wordmill(
            "tokenizer",
            "train",
            "--json",
            "--input",
            input,
            "--vocabulary-size",
            290,
            "--output",
            tok);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().path("vocabulary").intValue()).isEqualTo(290);
    assertThat(ran.json().path("merges").intValue()).isEqualTo(290 - 257);
    assertThat(ran.err()).doesNotContain("warning");
  }

  @Test
  void whatIsEncodedDecodesToTheSameBytes() throws IOException {
    Ran encoded = Ran.wordmill("tokenizer", "encode", "--tokenizer", tok, "--input", input);
    assertThat(encoded.exitCode()).as(encoded.err()).isZero();
    Path ids = Files.writeString(folder.resolve("text.ids"), encoded.out());
    Ran decoded = Ran.wordmill("tokenizer", "decode", "--tokenizer", tok, "--input", ids);
    assertThat(decoded.out()).isEqualTo(TEXT.repeat(20));

    Files.delete(tok.resolve("tokenizer.json"));
    assertThat(Ran.wordmill("tokenizer", "encode", "--tokenizer", tok, "--input", input).out())
        .as("from vocab.json and merges.txt")
        .isEqualTo(encoded.out());
    JsonNode json =
        Ran.wordmill("tokenizer", "encode", "--json", "--tokenizer", tok, "--input", input).json();
    assertThat(json.path("tokens").intValue())
        .isEqualTo(encoded.out().split(" ").length)
        .isLessThan(json.path("characters").intValue());
  }

  @Test
  void aSpecialTokenInTextIsOneOnlyWhenAskedFor() throws IOException {
    Path text = Files.writeString(folder.resolve("special.txt"), "<|endoftext|>");
    assertThat(
            Ran.wordmill(
                    "tokenizer", "encode", "--tokenizer", tok, "--special-tokens", "--input", text)
                .out())
        .isEqualTo("0\n");
    assertThat(Ran.wordmill("tokenizer", "encode", "--tokenizer", tok, "--input", text).out())
        .hasSizeGreaterThan(10);
  }

  @Test
  void aModelOfBytePairsScoresWritesAndLeavesAndComesBack() {
    Path run = folder.resolve("run");
    Ran trained = trainModel(run, 4, "--config", "gpt-tiny", "--tokenizer", tok);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("tokenizer=bpe");

    JsonNode score = Ran.wordmill("score", "--json", "--model", run, "--input", input).json();
    long characters = TEXT.codePointCount(0, TEXT.length()) * 20L;
    assertThat(score.path("characters").longValue()).isEqualTo(characters);
    double tokens = score.path("tokens").doubleValue();
    assertThat(tokens).isLessThan(characters);
    assertThat(score.path("bits_per_character").doubleValue())
        .isCloseTo(
            score.path("nats_per_token").doubleValue() * tokens / characters / Math.log(2),
            offset(1e-9));
    Ran written = Ran.wordmill("generate", "--model", run, "--prompt", "the", "--max-tokens", 5);
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(written.out()).startsWith("the");

    Path gpt2 = folder.resolve("gpt2");
    Ran exported = Ran.wordmill("export", "--model", run, "--output", gpt2);
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    for (String file : new String[] {"tokenizer.json", "vocab.json", "merges.txt"}) {
      assertThat(gpt2.resolve(file)).hasSameBinaryContentAs(tok.resolve(file));
    }
    Path imported = folder.resolve("imported");
    Ran ran = Ran.wordmill("import", "--input", gpt2, "--output", imported);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode again = Ran.wordmill("score", "--json", "--model", imported, "--input", input).json();
    assertThat(again.path("nats_per_token").doubleValue())
        .isEqualTo(score.path("nats_per_token").doubleValue());
  }

  @Test
  void aRunIsResumedWithItsOwnTokenizerAndWithNoOther() {
    Path run = folder.resolve("run");
    Ran trained = trainModel(run, 4, "--config", "gpt-tiny", "--tokenizer", tok);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    Ran resumed = trainModel(run, 6, "--resume");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.json().path("steps").intValue()).isEqualTo(6);

    Path other = folder.resolve("other");
    Ran ran =
        Ran.wordmill(
            "tokenizer", "train", "--input", input, "--vocabulary-size", 5000, "--output", other);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("warning: there are only 296 tokens");
    Ran refused = trainModel(run, 8, "--resume", "--tokenizer", other);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errors()).singleElement().asString().contains("another tokenizer");
    Ran same = trainModel(run, 8, "--resume", "--tokenizer", tok);
    assertThat(same.exitCode()).as(same.err()).isZero();

    Path tuned = folder.resolve("tuned");
    Ran on = trainModel(tuned, 2, "--config", "gpt-tiny", "--from", run);
    assertThat(on.exitCode()).as(on.err()).isZero();
    assertThat(on.err()).contains("tokenizer=bpe");
    Ran further = trainModel(tuned, 4, "--resume");
    assertThat(further.exitCode()).as(further.err()).isZero();
    assertThat(tuned.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(tok.resolve("tokenizer.json"));
  }

  private Ran trainModel(Path run, int steps, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--json",
                "--input",
                input,
                "--output",
                run,
                "--set",
                "model.width=8",
                "--set",
                "model.context_length=16",
                "--set",
                "schedule.evaluation_interval=0",
                "--set",
                "schedule.checkpoint_interval=2",
                "--set",
                "schedule.steps=" + steps));
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  @Test
  void whatCannotBeDoneIsOneFault() throws IOException {
    assertFault(2, "train, encode or decode", "tokenizer");
    assertFault(
        4,
        "--overwrite",
        "tokenizer",
        "train",
        "--input",
        input,
        "--vocabulary-size",
        300,
        "--output",
        tok);
    assertFault(
        4,
        "no tokenizer",
        "tokenizer",
        "encode",
        "--tokenizer",
        folder.resolve("none"),
        "--input",
        input);
    Path words = Files.writeString(folder.resolve("words.txt"), "1 2 three");
    assertFault(3, "'three'", "tokenizer", "decode", "--tokenizer", tok, "--input", words);
    Files.writeString(words, "1 300");
    assertFault(3, "'300'", "tokenizer", "decode", "--tokenizer", tok, "--input", words);
    assertFault(
        2,
        "there is none",
        "train",
        "--config",
        "gpt-tiny",
        "--set",
        "tokenizer=bpe",
        "--input",
        input,
        "--output",
        folder.resolve("o"));
    assertFault(2, "give one of them", onTokens("--from", tok));
    assertFault(2, "tokenizer = characters", onTokens("--set", "tokenizer=characters"));
    assertFault(2, "tagged_words are for taggers", onTokens("--config", "tagger-rnn"));
    Path json = tok.resolve("tokenizer.json");
    Files.writeString(json, Files.readString(json).replace("\"BPE\"", "\"WordPiece\""));
    assertFault(6, "WordPiece", "tokenizer", "encode", "--tokenizer", tok, "--input", input);
  }

  private Object[] onTokens(String option, Object value) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--tokenizer", tok));
    if (!option.equals("--config")) {
      arguments.addAll(List.of("--config", "gpt-tiny"));
    }
    arguments.addAll(
        List.of(option, value, "--input", input, "--output", folder.resolve("refused")));
    return arguments.toArray();
  }

  private static void assertFault(int code, String part, Object... arguments) {
    Ran ran = Ran.wordmill(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(code);
    assertThat(ran.errors()).hasSize(1).first().asString().contains(part);
  }
}
