package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** Text that is prepared once for training, from the command line. */
class PrepareCommandTest {
  @TempDir private Path folder;
  private Path text;
  private Path shards;

  @BeforeEach
  void writeTheText() throws IOException {
    text =
        Files.write(
            folder.resolve("text.txt"),
            IntStream.range(0, 300).mapToObj(i -> "the wheel turns " + i + " times").toList());
    shards = folder.resolve("shards");
  }

  private Ran prepare(Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("prepare", "--output", shards));
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  private static Ran done(Ran ran) {
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }

  private static void assertFault(Ran ran, int exitCode, String... parts) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(exitCode);
    assertThat(ran.errors()).hasSize(1).first().asString().contains(parts);
    assertThat(ran.out()).isEmpty();
  }

  private Ran train(Path run, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--json",
                "--output",
                run,
                "--set",
                "model.width=8",
                "--set",
                "model.context_length=16",
                "--set",
                "schedule.steps=2",
                "--set",
                "schedule.checkpoint_interval=2"));
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  private byte[] shard() throws IOException {
    JsonNode index = Json.parse(Files.readString(shards.resolve("index.json")), "index.json");
    return Files.readAllBytes(shards.resolve(index.path("shards").path(0).path("file").asText()));
  }

  @Test
  void shardsAreTheSameBytesHoweverManyCoresAndPartitionsThereAre() throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (String master : List.of("local[2]", "local[1]", "local[3]")) {
      String before = System.setProperty("spark.master", master);
      System.setProperty("spark.default.parallelism", String.valueOf(master.charAt(6)));
      try {
        done(prepare("--input", text, "--tokenizer", "characters", "--overwrite"));
      } finally {
        System.setProperty("spark.master", before);
        System.clearProperty("spark.default.parallelism");
      }
      all.add(shard());
    }
    assertThat(all.get(1)).isEqualTo(all.get(0));
    assertThat(all.get(2)).isEqualTo(all.get(0));
  }

  @Test
  void aModelLearnsFromShardsWithTheirTokenizerAndInspectTellsOfThem() throws IOException {
    JsonNode prepared =
        done(prepare("--json", "--input", text, "--tokenizer", "words", "--seed", 7)).json();
    assertThat(prepared.path("documents").asLong()).isEqualTo(300);
    // Five words and the end of each line.
    assertThat(prepared.path("tokens").asLong()).isEqualTo(1800);
    assertThat(prepared.path("seed").asLong()).isEqualTo(7);

    JsonNode inspected = done(Ran.wordmill("inspect", "--json", "--verify", shards)).json();
    assertThat(inspected.path("kind").asText()).isEqualTo("prepared text");
    assertThat(inspected.path("tokens").asLong()).isEqualTo(1800);
    assertThat(inspected.path("verified").asBoolean()).isTrue();

    Path valid = folder.resolve("valid");
    done(
        Ran.wordmill(
            "prepare", "--input", text, "--tokenizer", shards, "--keep-order", "--output", valid));
    Path run = folder.resolve("run");
    Object[] onShards = {"--config", "gpt-tiny", "--input", shards, "--validation", valid};
    Ran trained = done(train(run, onShards));
    assertThat(trained.err()).contains("tokenizer=words");
    assertThat(trained.json().path("validation_loss").isNumber()).isTrue();
    assertThat(trained.json().path("input_seconds").asDouble()).isGreaterThan(0);
    assertThat(run.resolve("tokenizer.json"))
        .hasSameTextualContentAs(shards.resolve("tokenizer.json"));
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
        .anyMatch(line -> line.contains("\"input_seconds\":"));

    Path mixed = folder.resolve("mixed");
    String mix = "mix=[{ source = \"" + shards + "\", weight = 1 }]";
    done(train(mixed, "--config", "gpt-tiny", "--validation", valid, "--set", mix));
    assertThat(done(Ran.wordmill("score", "--model", mixed, "--input", text)).out())
        .contains("perplexity");
  }

  @Test
  void rowsOfParquetAreDocuments() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message rows { optional binary body (STRING); required int64 id; }");
    Path file = folder.resolve("rows.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                HadoopOutputFile.fromPath(
                    new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))
            .withType(schema)
            .withRowGroupSize(1024L)
            .build()) {
      SimpleGroupFactory rows = new SimpleGroupFactory(schema);
      for (int i = 0; i < 3000; i++) {
        Group row = rows.newGroup().append("id", (long) i);
        writer.write(i % 3 == 0 ? row : row.append("body", "row " + i));
      }
    }
    Ran ran =
        done(
            prepare(
                "--json",
                "--input",
                file,
                "--text-field",
                "body",
                "--tokenizer",
                "characters",
                "--keep-order"));
    assertThat(ran.json().path("documents").asLong()).isEqualTo(2000);
    assertThat(ran.err()).contains("1000 documents without any text");
    StringBuilder expected = new StringBuilder();
    IntStream.range(0, 3000)
        .filter(i -> i % 3 != 0)
        .forEach(i -> expected.append("row " + i + "\n"));
    assertThat(ran.json().path("tokens").asLong()).isEqualTo(expected.length());
    byte[] shard = shard();
    Files.writeString(folder.resolve("rows.txt"), expected);
    done(
        prepare(
            "--overwrite",
            "--input",
            folder.resolve("rows.txt"),
            "--tokenizer",
            "characters",
            "--keep-order"));
    assertThat(shard()).isEqualTo(shard);

    Object[] others = {"--overwrite", "--input", file, "--tokenizer", "characters"};
    assertFault(prepare(others), 3, "no column 'text', but [body, id]", "rows.parquet");
    assertFault(prepareWith(others, "--text-field", "id"), 3, "'id' is no text", "int64");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertFault(
        prepareWith(others, "--text-field", "body"), 3, "Parquet file cannot be read", "rows.parq");
  }

  private Ran prepareWith(Object[] some, Object... more) {
    List<Object> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return prepare(all.toArray());
  }

  @Test
  void whatCannotBeDoneIsOneFault() throws IOException {
    assertFault(prepare("--input", text), 2, "--tokenizer");
    assertFault(
        prepare("--input", text, "--tokenizer", "characters", "--vocabulary-limit", 5),
        2,
        "only a vocabulary of words");
    assertFault(prepare("--input", text, "--tokenizer", folder.resolve("none")), 4, "no tokenizer");
    assertFault(
        prepare("--input", folder.resolve("none.txt"), "--tokenizer", "words"), 4, "none.txt");
    assertThat(shards).doesNotExist();
    Path empty = Files.writeString(folder.resolve("empty.txt"), "");
    assertFault(prepare("--input", empty, "--tokenizer", "characters"), 3, "no text to prepare");
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"text\":\"a\"}\n{\"text\":\n");
    assertFault(
        prepare("--input", bad, "--tokenizer", "characters"), 3, "not JSON", "bad.jsonl:2,");
    assertFault(
        prepare("--input", bad, "--tokenizer", "words", "--text-field", "body"),
        3,
        "no field 'body', but [text]",
        "bad.jsonl:1,");
    assertThat(shards).doesNotExist();

    done(prepare("--input", text, "--tokenizer", "characters"));
    assertFault(
        prepare("--input", text, "--tokenizer", "characters"), 4, "there already", "--overwrite");

    Path tok = folder.resolve("tok");
    done(
        Ran.wordmill(
            "tokenizer", "train", "--input", text, "--vocabulary-size", 270, "--output", tok));
    Object[] onShards = {
      "--config", "gpt-tiny", "--input", shards, "--set", "schedule.evaluation_interval=0",
    };
    List<Object> withOther = new ArrayList<>(List.of(onShards));
    withOther.addAll(List.of("--tokenizer", tok));
    assertFault(train(folder.resolve("a"), withOther.toArray()), 6, "another tokenizer");

    byte[] flipped = shard();
    flipped[50] ^= 4;
    Files.write(shards.resolve("shard-00000-000.tokens"), flipped);
    assertFault(Ran.wordmill("inspect", "--verify", shards), 6, "checksum", "shard-00000-000");
    assertFault(train(folder.resolve("b"), onShards), 6, "checksum", "shard-00000-000");
    Files.delete(shards.resolve("index.json"));
    assertFault(train(folder.resolve("c"), onShards), 6, "a preparation did not end");
  }
}
