package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.LanguageModelContract;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.text.Vocabulary;

/** The recurrent language models against whole forward runs, and the contract of all models. */
final class RecurrentLanguageModelTest {
  private static final int V = 6;
  private static final Vocabulary VOCABULARY =
      new Vocabulary(IntStream.range(0, V).mapToObj(i -> i == 0 ? "\n" : "t" + i).toList());

  /** Two layers, whose states are of different widths in a file of one number after another. */
  static List<RecurrentConfig> configs() {
    return List.of(
        new RnnConfig(V, 4, 3, 2, 5, 0, false, 0),
        new LstmConfig(V, 4, 5, 2, 5, 0.3, true, 0),
        new GruConfig(V, 4, 3, 2, 5, 0, false, 2));
  }

  @Nested
  final class OfRnn extends Contract {
    OfRnn() {
      super(configs().get(0));
    }
  }

  @Nested
  final class OfLstm extends Contract {
    OfLstm() {
      super(configs().get(1));
    }
  }

  @Nested
  final class OfGru extends Contract {
    OfGru() {
      super(configs().get(2));
    }
  }

  abstract static class Contract extends LanguageModelContract {
    private final LanguageModel model;

    Contract(RecurrentConfig config) {
      RecurrentLm recurrent = config.build();
      this.model = recurrent.open(drawn(recurrent), VOCABULARY, KernelChoice.AUTO);
    }

    @Override
    protected LanguageModel model() {
      return model;
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void textsLongerThanWhatIsReadAtOnceScoreAsOneForwardRun(RecurrentConfig config) {
    RecurrentLm model = config.build();
    ParameterVector values = drawn(model);
    int[] text = new SplittableRandom(5).ints(777, 0, V).toArray();
    int[] heard = new int[text.length];
    System.arraycopy(text, 0, heard, 1, text.length - 1);

    Kernels kernels = KernelChoice.REFERENCE.create(Precision.FLOAT);
    Tape tape = Tape.forEvaluation(kernels, values);
    Ids inputs = new Ids(heard, 1, heard.length);
    float[] scores = model.logits(tape, inputs).value().toFloats();
    double[] factors = new double[text.length];
    try (LanguageModel opened = model.open(values, VOCABULARY, KernelChoice.AUTO)) {
      LanguageModel.State end = opened.logProbabilities(opened.start(), text, factors);
      assertThat(end).isNotNull();
    }
    for (int t = 0; t < text.length; t++) {
      double sum = 0;
      for (int v = 0; v < V; v++) {
        sum += Math.exp(scores[t * V + v]);
      }
      double expected = scores[t * V + text[t]] - Math.log(sum);
      assertThat(factors[t]).as("token %d", t).isCloseTo(expected, within(1e-4));
    }
    // Far from uniform, else this test sees nothing.
    double range =
        Arrays.stream(factors).max().orElseThrow() - Arrays.stream(factors).min().orElseThrow();
    assertThat(range).isGreaterThan(0.1);
  }

  @Test
  void allTextsOfFourTokensSumToOne() {
    RecurrentLm model = configs().get(1).build();
    LanguageModel opened = model.open(drawn(model), VOCABULARY, KernelChoice.AUTO);
    assertThat(sumOverTexts(opened, opened.start(), 4)).isCloseTo(1, within(1e-5));
  }

  private static double sumOverTexts(LanguageModel model, LanguageModel.State state, int length) {
    if (length == 0) {
      return 1;
    }
    double sum = 0;
    for (int token = 0; token < V; token++) {
      sum +=
          Math.exp(model.logProbability(state, token))
              * sumOverTexts(model, model.advance(state, token), length - 1);
    }
    return sum;
  }

  @Test
  void withoutAStartTokenTheFirstTokenIsUniform() {
    Vocabulary letters = new Vocabulary(List.of("a", "b", "c"));
    RecurrentLm model = new GruConfig(3, 4, 2, 1, 4, 0, false, 0).build();
    LanguageModel opened = model.open(drawn(model), letters, KernelChoice.AUTO);
    assertThat(opened.logProbability(opened.start(), 1)).isCloseTo(-Math.log(3), within(1e-6));
    double[] factors = new double[2];
    opened.logProbabilities(opened.start(), new int[] {2, 0}, factors);
    assertThat(factors[0]).isCloseTo(-Math.log(3), within(1e-6));
    assertThat(factors[1])
        .isCloseTo(opened.logProbability(opened.advance(opened.start(), 2), 0), within(1e-6));
  }

  @Test
  void aVocabularyOfAnotherSizeIsRefused() {
    RecurrentLm model = configs().get(0).build();
    Vocabulary other = new Vocabulary(List.of("a"));
    assertThatThrownBy(() -> model.open(drawn(model), other, KernelChoice.AUTO))
        .hasMessageContaining("1 tokens for a model of 6");
  }

  @Test
  void sizesThatMakeNoModelAreRefused() {
    assertThatThrownBy(() -> new LstmConfig(5, 4, 3, 1, 4, 0, true, 0))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("3 is not 4");
    assertThatThrownBy(() -> new RnnConfig(5, 4, 3, 0, 4, 0, false, 0))
        .hasMessageContaining("number of layers");
    assertThatThrownBy(() -> new GruConfig(5, 4, 3, 1, 4, 1, false, 0))
        .hasMessageContaining("dropout");
    assertThatThrownBy(() -> new GruConfig(5, 4, 3, 1, 4, 0, false, -1))
        .hasMessageContaining("truncation");
  }

  private static ParameterVector drawn(RecurrentLm model) {
    ParameterVector values = new ParameterVector(model.layout(), Precision.FLOAT);
    values.initialize(3);
    // Weights so large that every token matters.
    KernelChoice.REFERENCE.create(Precision.FLOAT).scale(values.flat(), 4);
    return values;
  }
}
