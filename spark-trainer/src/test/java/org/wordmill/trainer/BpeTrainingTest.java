package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.BpeTrainer;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.PieceCounts;
import org.wordmill.text.TextPolicy;

/** Byte pairs learned by a Spark job, compared with those of one thread. */
@ExtendWith(LocalSpark.class)
class BpeTrainingTest {
  private static final String TEXT = "the wheel of the mill\n\tturns, größer 😀 it's 1234\n\n";

  @TempDir private Path folder;

  @Test
  void aJobOverManyFilesLearnsWhatOneThreadLearns(JavaSparkContext spark) throws IOException {
    PieceCounts counts = new PieceCounts(20);
    for (int file = 0; file < 5; file++) {
      String text = TEXT.repeat(file + 1) + "x".repeat(21) + " the miller" + file + "\n";
      Files.writeString(folder.resolve("part-" + file), text);
      counts.add(text);
    }
    BpeTrainer trainer = new BpeTrainer(300, 2, List.of(ByteLevelBpe.END_OF_TEXT));
    counts.forEach(trainer::add);
    TextPolicy policy = TextPolicy.DEFAULT.withMaxLineBytes(1 << 20).withMaxWordBytes(20);
    BpeTraining.Report report =
        BpeTraining.train(spark, List.of(folder.toString()), policy, 300, 2);
    assertThat(report.tokenizer()).isEqualTo(trainer.train());
    assertThat(report.tokenizer().merges()).isNotEmpty();
    assertThat(report.distinctPieces()).isEqualTo(counts.size());
    assertThat(report.pieces()).isEqualTo(counts.pieces());
    assertThat(report.longPieces()).isEqualTo(5);
    assertThat(report.malformedParts()).isZero();
  }

  @Test
  void malformedTextIsCountedOrRefused(JavaSparkContext spark) throws IOException {
    Path file = folder.resolve("bad.txt");
    Files.write(file, "good bad\u00e9\n".repeat(4).getBytes(StandardCharsets.ISO_8859_1));
    List<String> input = List.of(file.toString());
    assertThat(BpeTraining.train(spark, input, TextPolicy.DEFAULT, 300, 2).malformedParts())
        .isEqualTo(4);
    assertThatThrownBy(
            () ->
                BpeTraining.train(
                    spark,
                    input,
                    TextPolicy.DEFAULT.withMalformed(TextPolicy.Malformed.STRICT),
                    300,
                    2))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT));
  }

  @Test
  void textThatIsEmptyAndAVocabularyTooSmallAreRefused(JavaSparkContext spark) throws IOException {
    Path file = Files.writeString(folder.resolve("empty.txt"), "");
    assertThatThrownBy(
            () -> BpeTraining.train(spark, List.of(file.toString()), TextPolicy.DEFAULT, 300, 2))
        .hasMessageContaining("no text")
        .hasMessageContaining("empty.txt");
    assertThatThrownBy(
            () -> BpeTraining.train(spark, List.of(file.toString()), TextPolicy.DEFAULT, 100, 2))
        .hasMessageContaining("100");
  }
}
