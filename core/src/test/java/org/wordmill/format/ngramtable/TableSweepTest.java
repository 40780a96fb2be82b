package org.wordmill.format.ngramtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.lm.LanguageModel;

/** A text at once has the numbers, and ends in the state, of one word after the other. */
class TableSweepTest {
  @TempDir private Path folder;

  static Stream<Arguments> tables() {
    return Stream.of(TableLayout.values())
        .flatMap(
            layout ->
                Stream.of("1", "2", "3", "5", "pruned", "not suffix-closed", "across sentences")
                    .map(model -> Arguments.of(layout, model)));
  }

  private NgramTable table(TableLayout layout, String model) throws IOException {
    String arpa =
        switch (model) {
          case "pruned" -> SampleArpa.random(8, 4, "0,0,1");
          case "not suffix-closed" -> SampleArpa.NOT_SUFFIX_CLOSED;
          case "across sentences" -> SampleArpa.ACROSS_SENTENCES;
          default -> SampleArpa.random(9, Integer.parseInt(model), "");
        };
    Path file = folder.resolve("model.table");
    SampleArpa.table(arpa, file, layout, false);
    return NgramTable.open(file);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void numbersAndStatesAreThoseOfTheWalkBitByBit(TableLayout layout, String model)
      throws IOException {
    NgramTable table = table(layout, model);
    Random random = new Random(11);
    LanguageModel.State state = table.start();
    for (int length : List.of(0, 1, 2, 3, 5, 20, 63, 64, 65, 255, 256, 257, 400, 1000)) {
      int[] words = text(table, state, length, random);
      TableWalk walk = table.walk().from(state);
      double[] out = new double[length];
      LanguageModel.State after = new TableSweep(table, length).run((TableState) state, words, out);
      for (int i = 0; i < length; i++) {
        assertThat(out[i]).as("word %d of %d", i, length).isEqualTo(walk.step(words[i]));
      }
      assertThat(after).isEqualTo(walk.state()).hasSameHashCodeAs(walk.state());
      state = after;
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void severalTextsAreSweptAsEachByItselfBitByBit(TableLayout layout, String model)
      throws IOException {
    NgramTable table = table(layout, model);
    Random random = new Random(12);
    List<int[]> texts = new ArrayList<>();
    for (int length : List.of(0, 3, 1, 62, 63, 0, 64, 1, 2, 130, 5, 255, 0, 256, 1, 600, 0)) {
      texts.add(text(table, table.start(), length, random));
    }
    // Sentences whose ends go on in some models where nothing may be remembered.
    int end = table.vocabulary().end();
    texts.addAll(List.of(new int[] {3, end}, new int[] {3, 4, end}, new int[] {3, end}));
    List<double[]> together = texts.stream().map(text -> new double[text.length]).toList();
    table.logProbabilities(texts, together);
    for (int i = 0; i < texts.size(); i++) {
      double[] alone = new double[texts.get(i).length];
      table.logProbabilities(table.start(), texts.get(i), alone);
      assertThat(together.get(i)).as("text %d", i).containsExactly(alone);
    }
  }

  /** Words of which many were seen together, so that n-grams of all lengths are met. */
  private static int[] text(
      NgramTable table, LanguageModel.State state, int length, Random random) {
    int[] words = new int[length];
    LanguageModel.State here = state;
    for (int i = 0; i < length; i++) {
      for (int tries = 0; tries < 6; tries++) {
        int word = random.nextInt(table.vocabulary().size());
        if (tries == 0 || table.matchedLength(here, word) > table.matchedLength(here, words[i])) {
          words[i] = word;
        }
      }
      here = table.advance(here, words[i]);
    }
    return words;
  }

  @Test
  void aWordThatIsNoneIsRefused() throws IOException {
    NgramTable table = table(TableLayout.PROBING, "3");
    int[] words = {1, table.vocabulary().size()};
    assertThatThrownBy(() -> table.logProbabilities(table.start(), words, new double[2]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> table.logProbabilities(table.start(), new int[] {-1}, new double[1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(
            () ->
                table.logProbabilities(
                    List.of(new int[0], words), List.of(new double[0], new double[2])))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
