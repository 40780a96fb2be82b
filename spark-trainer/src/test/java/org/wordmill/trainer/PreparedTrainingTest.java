package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Characters;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.train.DataMix;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;

/** Training from prepared text. */
@ExtendWith(LocalSpark.class)
class PreparedTrainingTest {
  private static final int STEPS = 6;
  private static final String MORE = "the lazy dog\n".repeat(30);

  @TempDir Path folder;
  private final JavaSparkContext spark;

  PreparedTrainingTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writeTexts() throws IOException {
    Files.writeString(folder.resolve("train.txt"), SmallRun.TEXT);
    Files.writeString(folder.resolve("valid.txt"), SmallRun.VALIDATION);
    Files.writeString(folder.resolve("more.txt"), MORE);
  }

  private String path(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private PreparedText prepare(String text, Tokenization tokenization, String output) {
    return TextPreparation.prepare(
        spark,
        new PreparationJob(
            List.of(path(text)),
            Optional.empty(),
            "text",
            tokenization,
            Optional.empty(),
            Optional.empty(),
            path(output),
            false),
        notice -> {});
  }

  private static Tokenization characters() {
    return Tokenization.characters(TextPolicy.DEFAULT);
  }

  private static Tokenization of(PreparedText text) {
    return Tokenization.of(text.tokenizerFile(), TextPolicy.DEFAULT);
  }

  private static TrainingConfig config(int steps) {
    return SmallRun.withSteps(SmallRun.config(), steps).withVocabularySize(0);
  }

  private RecordedMetrics train(
      TrainingConfig config, List<String> input, String validation, String output, boolean resume) {
    return train(config, input, validation, output, resume, Synchronization.SHARED, characters());
  }

  private RecordedMetrics train(
      TrainingConfig config,
      List<String> input,
      String validation,
      String output,
      boolean resume,
      Synchronization way,
      Tokenization tokenization) {
    RecordedMetrics metrics = new RecordedMetrics();
    DataParallelTrainer.train(
        spark,
        new TrainingJob(
            input, List.of(validation), path(output), resume, tokenization, way, config),
        metrics);
    return metrics;
  }

  @ParameterizedTest
  @EnumSource(names = {"BROADCAST", "SHUFFLE", "SHARED"})
  void shardsAreTheTextThatTheyWereMadeFromAndAFarFileSystemGivesTheSameBits(Synchronization way) {
    PreparedText prepared = prepare("train.txt", characters(), "shards");
    prepare("valid.txt", of(prepared), "valid-shards");
    RecordedMetrics text =
        train(config(STEPS), List.of(path("train.txt")), path("valid.txt"), "a", false);
    FarFileSystem.register(spark.hadoopConfiguration());
    for (String scheme : List.of("file:", FarFileSystem.SCHEME + ":")) {
      RecordedMetrics shards =
          train(
              config(STEPS),
              List.of(path("shards").replace("file:", scheme)),
              path("valid-shards").replace("file:", scheme),
              "b" + scheme.length(),
              false,
              way,
              characters());
      assertThat(shards.losses()).hasSize(STEPS).isEqualTo(text.losses());
      assertThat(shards.evaluations()).hasSize(3).isEqualTo(text.evaluations());
      assertThat(shards.steps()).allMatch(step -> step.inputSeconds() > 0);
    }
  }

  @Test
  void aFolderOfPreparedTextIsReadWhereItLiesAndASourceOfAMixBesideText() throws IOException {
    PreparedText prepared = prepare("train.txt", characters(), "shards");
    prepare("valid.txt", of(prepared), "valid-shards");
    DataMix ofText = mix("train.txt", "more.txt");
    RecordedMetrics text =
        train(config(STEPS).withMix(ofText), List.of(), path("valid.txt"), "a", false);
    RecordedMetrics shards =
        train(
            config(STEPS).withMix(mix("shards", "more.txt")),
            List.of(),
            path("valid-shards"),
            "b",
            false);
    assertThat(shards.losses()).isEqualTo(text.losses());
    try (Stream<Path> files = Files.list(folder.resolve("b/tokens/training"))) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder("index.json", "shard-00000-000.tokens");
    }
    assertThat(folder.resolve("b/tokens/validation")).isDirectoryNotContaining("glob:**.tokens");
    assertThat(folder.resolve("b/tokenizer.json")).hasContent(prepared.tokenizerFile());
  }

  private DataMix mix(String first, String second) {
    return new DataMix(
        List.of(
            new DataMix.Source(List.of(path(first)), 1),
            new DataMix.Source(List.of(path(second)), 1)));
  }

  @Test
  void aRunOnShardsIsResumedAndNotOnDamagedOnes() throws IOException {
    PreparedText prepared = prepare("train.txt", characters(), "shards");
    List<String> input = List.of(path("shards"));
    RecordedMetrics whole = train(config(STEPS), input, path("valid.txt"), "whole", false);
    train(config(4), input, path("valid.txt"), "run", false);
    RecordedMetrics on = train(config(STEPS), input, path("valid.txt"), "run", true);
    assertThat(on.losses()).isEqualTo(whole.losses().subList(4, STEPS));

    Path shard = folder.resolve("shards").resolve(prepared.index().shards().get(0).file());
    byte[] bytes = Files.readAllBytes(shard);
    bytes[700] ^= 1;
    Files.delete(shard);
    Files.write(shard, bytes);
    for (boolean resume : new boolean[] {true, false}) {
      assertFault(
          () -> train(config(8), input, path("valid.txt"), resume ? "run" : "other", resume),
          ExitCode.CORRUPT,
          "checksum",
          "shard-00000-000.tokens");
    }
  }

  @Test
  void anotherTokenizerThanThatOfTheShardsIsRefused() {
    prepare("train.txt", characters(), "shards");
    prepare("more.txt", characters(), "other");
    assertFault(
        () -> train(config(2), List.of(path("shards")), path("other"), "a", false),
        ExitCode.CORRUPT,
        "another tokenizer",
        "other");
    assertFault(
        () ->
            train(
                config(2),
                List.of(path("shards")),
                path("valid.txt"),
                "b",
                false,
                Synchronization.SHARED,
                Tokenization.of(
                    TokenizerFiles.write(Characters.fromText("abc")), TextPolicy.DEFAULT)),
        ExitCode.CORRUPT,
        "another tokenizer",
        "shards");
    assertFault(
        () ->
            train(
                config(2),
                List.of(path("shards")),
                path("valid.txt"),
                "c",
                false,
                Synchronization.SHARED,
                Tokenization.tagged(1, 8, TextPolicy.DEFAULT)),
        ExitCode.USAGE,
        "a tagger does not learn from prepared text");
  }

  @Test
  void blocksOfAFarFileAreReadOnceAndNoMoreThanIsNeeded() throws IOException {
    Files.writeString(folder.resolve("long.txt"), "abcdefgh\n".repeat(40_000));
    PreparedText prepared = prepare("long.txt", characters(), "shards");
    Configuration configuration = new Configuration();
    FarFileSystem.register(configuration);
    org.apache.hadoop.fs.Path far =
        new org.apache.hadoop.fs.Path(
            prepared.folder().replace("file:", FarFileSystem.SCHEME + ":"));
    TokenStore store = new TokenStore(far, configuration);
    TokenIndex index = store.index().orElseThrow();
    List<StoredShard> shards = store.shards(index, new BlockCache(4 * BlockCache.BLOCK));
    assertThat(shards).hasSize(1).allMatch(StoredShard::isRemote);
    int[] ids = new int[1000];
    FarFileSystem.forget();
    for (int i = 0; i < 20; i++) {
      shards.get(0).copy(100_000 + 10 * i, ids, 0, ids.length);
    }
    assertThat(prepared.tokenizer().decode(ids).substring(0, 17)).isEqualTo("cdefgh\nabcdefgh\na");
    // The block of the header, and the one or two in which the range lies.
    assertThat(FarFileSystem.bytesRead()).isLessThanOrEqualTo(3 * BlockCache.BLOCK);
    assertFault(
        () -> shards.get(0).copy(index.tokens() - 1, ids, 0, 2), IndexOutOfBoundsException.class);
  }

  private static void assertFault(Runnable run, Class<? extends Exception> type) {
    assertThatThrownBy(run::run).isInstanceOf(type);
  }

  private static void assertFault(Runnable run, ExitCode exitCode, String... parts) {
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            WordmillException.class,
            fault -> {
              assertThat(fault.exitCode()).as(fault.line()).isEqualTo(exitCode);
              assertThat(fault.line()).contains(parts).doesNotContain("\n");
            });
  }
}
