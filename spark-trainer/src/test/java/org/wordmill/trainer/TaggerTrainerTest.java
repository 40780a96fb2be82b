package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.conllu.ConlluSentence;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TextPolicy;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TaggerRun;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingReport;

/** Taggers from files of CoNLL-U, data-parallel. */
@ExtendWith(LocalSpark.class)
class TaggerTrainerTest {
  private static final TrainingConfig CONFIG = TaggerRun.config();

  @TempDir Path folder;
  private final JavaSparkContext spark;

  TaggerTrainerTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Two files, one of them compressed. */
  @BeforeEach
  void writeText() throws IOException {
    Files.createDirectories(folder.resolve("text"));
    write(folder.resolve("text/a.conllu"), TaggerRun.TEXT.subList(0, 50));
    write(folder.resolve("text/b.conllu.gz"), TaggerRun.TEXT.subList(50, 90));
    write(folder.resolve("validation.conllu"), TaggerRun.VALIDATION);
  }

  private static void write(Path file, List<TaggedSentence> sentences) throws IOException {
    try (Writer out =
        file.toString().endsWith(".gz")
            ? new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)
            : Files.newBufferedWriter(file)) {
      for (TaggedSentence sentence : sentences) {
        ConlluSentence.of(List.of(), sentence).write(out);
      }
    }
  }

  private TrainingReport train(
      TrainingConfig config,
      String output,
      Synchronization way,
      boolean resume,
      RecordedMetrics m) {
    return DataParallelTrainer.train(
        spark,
        new TrainingJob(
            List.of(folder.resolve("text").toString()),
            List.of(folder.resolve("validation.conllu").toString()),
            folder.resolve(output).toString(),
            resume,
            Tokenization.tagged(2, 32, TextPolicy.DEFAULT),
            way,
            config),
        m);
  }

  @ParameterizedTest
  @EnumSource(names = {"BROADCAST", "SHARED"})
  void theClusterComputesTheBitsOfASingleProcess(Synchronization way) {
    RecordedMetrics cluster = new RecordedMetrics();
    train(CONFIG, "cluster", way, false, cluster);
    RecordedMetrics single = new RecordedMetrics();
    LocalTrainer.train(
        TaggerRun.settled(CONFIG),
        TaggerRun.words(),
        TaggerRun.tokens(TaggerRun.TEXT),
        TaggerRun.tokens(TaggerRun.VALIDATION),
        new Checkpoints(new LocalCheckpointStore(folder.resolve("single")), notice -> {}),
        false,
        single);
    assertThat(cluster.losses()).hasSize(12).isEqualTo(single.losses());
    assertThat(cluster.evaluations()).isEqualTo(single.evaluations());
    assertThat(
            DataParallelTrainer.openTagger(
                    folder.resolve("cluster").toString(),
                    spark.hadoopConfiguration(),
                    KernelChoice.AUTO,
                    notice -> {})
                .words())
        .isEqualTo(TaggerRun.words());
  }

  @Test
  void aResumedRunIsTheUnbrokenOne() {
    RecordedMetrics unbroken = new RecordedMetrics();
    train(CONFIG, "unbroken", Synchronization.AUTO, false, unbroken);
    RecordedMetrics resumed = new RecordedMetrics();
    train(SmallRun.withSteps(CONFIG, 5), "run", Synchronization.AUTO, false, resumed);
    train(CONFIG, "run", Synchronization.AUTO, true, resumed);
    assertThat(resumed.losses()).isEqualTo(unbroken.losses());
  }

  @Test
  void tagsThatTheTrainingTextHasNotAreTold() throws IOException {
    write(
        folder.resolve("validation.conllu"),
        List.of(
            new TaggedSentence(List.of("they", "go"), List.of("PRON", "NEW")),
            new TaggedSentence(List.of("nothing"), List.of("_"))));
    RecordedMetrics metrics = new RecordedMetrics();
    train(SmallRun.withSteps(CONFIG, 1), "run", Synchronization.AUTO, false, metrics);
    assertThat(metrics.notices())
        .anyMatch(
            notice ->
                notice.startsWith(
                    "the validation text has 1 words with tags that the training text has not"));
  }

  @Test
  void aBrokenArchiveIsBadInput() throws IOException {
    Path file = folder.resolve("text/b.conllu.gz");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(
            () -> train(CONFIG, "run", Synchronization.AUTO, false, new RecordedMetrics()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("b.conllu.gz");
  }
}
