package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.lm.LanguageModel;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.Vocabulary;

final class TransformerLanguageModelTest {
  private static final int CONTEXT = 8;

  private final Vocabulary vocabulary = new Vocabulary(List.of("\n", "a", "b", "c", "d"));
  private final TransformerLanguageModel model = model(vocabulary);

  @Test
  void theWholeDieSumsToOne() {
    LanguageModel.State state = model.advance(model.start(), 2);
    float[] die = new float[5];
    model.nextLogProbabilities(state, die);
    double sum = 0;
    for (int v = 0; v < 5; v++) {
      assertThat(model.logProbability(state, v)).isCloseTo(die[v], within(1e-6));
      sum += Math.exp(die[v]);
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    // An untrained model with large weights is far from uniform, else this test sees nothing.
    assertThat(Math.abs(die[0] - die[3])).isGreaterThan(0.05f);
  }

  @Test
  void manyAtOnceEqualsOneByOneWithinTheContext() {
    int[] text = {1, 2, 0, 4, 3, 3, 1};
    double[] together = new double[text.length];
    LanguageModel.State end = model.logProbabilities(model.start(), text, together);
    assertThat(together).containsExactly(oneByOne(model.start(), text), within(1e-5));
    assertThat(model.logProbability(end, 2)).isCloseTo(after(text, 2), within(1e-6));
  }

  @Test
  void manyAtOnceEqualsOneByOneBeyondTheContext() {
    for (int length = CONTEXT - 1; length < 4 * CONTEXT; length++) {
      int[] text = new SplittableRandom(length).ints(length, 0, 5).toArray();
      double[] together = new double[length];
      LanguageModel.State end = model.logProbabilities(model.start(), text, together);
      assertThat(together).containsExactly(oneByOne(model.start(), text), within(1e-5));
      assertThat(model.logProbability(end, 2)).isCloseTo(after(text, 2), within(1e-5));
    }
  }

  @Test
  void manyTextsGetWhatEachGetsByItself() {
    List<int[]> texts = texts(40);
    List<double[]> together = arrays(texts);
    model.logProbabilities(texts, together);
    for (int i = 0; i < texts.size(); i++) {
      double[] alone = oneByOne(model.start(), texts.get(i));
      assertThat(together.get(i)).containsExactly(alone, within(1e-5));
    }
  }

  /** Exactly, where the library of matrix products computes every row alike: see WindowBatches. */
  @Test
  void noBitOfATextDependsOnThoseBesideIt() {
    double tolerance = productsComputeRowsAlike() ? 0 : 1e-5;
    List<int[]> texts = texts(300);
    List<double[]> together = arrays(texts);
    model.logProbabilities(texts, together);
    for (int i : new int[] {0, 1, 7, 130, 299}) {
      List<double[]> alone = arrays(texts.subList(i, i + 1));
      model.logProbabilities(texts.subList(i, i + 1), alone);
      assertThat(alone.get(0)).containsExactly(together.get(i), within(tolerance));
    }
  }

  private static boolean productsComputeRowsAlike() {
    Kernels kernels = KernelChoice.AUTO.create(Precision.FLOAT);
    Tensor x = kernels.zeros(768, 16);
    Tensor weight = kernels.zeros(16, 16);
    Tensor y = kernels.zeros(768, 16);
    double[] row = new SplittableRandom(1).doubles(16, -1, 1).toArray();
    float[] rows = new float[768 * 16];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) row[i % 16];
    }
    x.copyFrom(rows);
    weight.copyFrom(Arrays.copyOfRange(rows, 3, 3 + 16 * 16));
    kernels.linearForward(x, weight, null, y);
    float[] products = y.toFloats();
    return IntStream.range(16, products.length).allMatch(i -> products[i] == products[i % 16]);
  }

  /** Of all lengths from none to beyond the context. */
  private static List<int[]> texts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new SplittableRandom(i).ints(i % (3 * CONTEXT), 0, 5).toArray())
        .toList();
  }

  private static List<double[]> arrays(List<int[]> texts) {
    return texts.stream().map(text -> new double[text.length]).toList();
  }

  @Test
  void aTokenTooUnlikelyForAFloatHasItsLogProbabilityAllTheSame() {
    // Weights so large that the scores differ by hundreds.
    TransformerLanguageModel certain = model(vocabulary, 1500);
    int[] text = new SplittableRandom(5).ints(CONTEXT, 0, 5).toArray();
    double[] together = new double[text.length];
    certain.logProbabilities(certain.start(), text, together);
    assertThat(Arrays.stream(together).min().getAsDouble()).isLessThan(-100).isFinite();
    LanguageModel.State state = certain.start();
    for (int i = 0; i < text.length; i++) {
      double alone = certain.logProbability(state, text[i]);
      assertThat(together[i]).isCloseTo(alone, within(1e-4 * (1 + Math.abs(alone))));
      state = certain.advance(state, text[i]);
    }
  }

  @Test
  void everyPositionOfALongTextHasAtLeastHalfAContextOfHistory() {
    int[] text = new SplittableRandom(7).ints(90, 0, 5).toArray();
    double[] together = new double[text.length];
    model.logProbabilities(model.start(), text, together);
    for (int i = CONTEXT; i < text.length; i++) {
      // Where windows of 8 tokens begin that start with 4 of the one before: 0, 4, 8, ...
      int begin = 0;
      while (i + 1 - begin > CONTEXT) {
        begin += CONTEXT / 2;
      }
      int history = i + 1 - begin;
      assertThat(history).isBetween(CONTEXT / 2 + 1, CONTEXT);
      assertThat(together[i]).isCloseTo(scoreWithHistory(text, i, history), within(1e-5));
    }
  }

  @Test
  void aTextInPiecesContinuesFromTheStateOfThePieceBefore() {
    int[] text = {1, 2, 0, 4, 3};
    double[] first = new double[2];
    double[] second = new double[3];
    LanguageModel.State state =
        model.logProbabilities(model.start(), Arrays.copyOf(text, 2), first);
    model.logProbabilities(state, Arrays.copyOfRange(text, 2, 5), second);
    double[] whole = oneByOne(model.start(), text);
    assertThat(first).containsExactly(Arrays.copyOf(whole, 2), within(1e-5));
    assertThat(second).containsExactly(Arrays.copyOfRange(whole, 2, 5), within(1e-5));
  }

  @Test
  void statesAreValues() {
    LanguageModel.State a = model.advance(model.start(), 1);
    double before = model.logProbability(a, 3);
    LanguageModel.State unused = model.advance(a, 4);
    assertThat(unused).isNotSameAs(a);
    assertThat(model.logProbability(a, 3)).isEqualTo(before);
  }

  @Test
  void withoutAnyStartTokenTheFirstTokenIsUniform() {
    TransformerLanguageModel bare = model(new Vocabulary(List.of("a", "b", "c", "d")));
    assertThat(bare.logProbability(bare.start(), 3)).isCloseTo(-Math.log(4), within(1e-6));
    int[] text = {0, 3, 2};
    double[] together = new double[3];
    bare.logProbabilities(bare.start(), text, together);
    assertThat(together[0]).isCloseTo(-Math.log(4), within(1e-12));
    LanguageModel.State state = bare.advance(bare.start(), 0);
    assertThat(together[1]).isCloseTo(bare.logProbability(state, 3), within(1e-5));
  }

  @Test
  void sentencesBeginAfterTheirBeginTokenAndStreamsAfterALineEnd() {
    assertThat(start("</s>", "<s>", "\n")).isEqualTo(1);
    assertThat(start("a", "</s>", "\n")).isEqualTo(1);
    assertThat(start("a", "\n")).isEqualTo(1);
    assertThat(start("a", "<unk>")).isEqualTo(Vocabulary.NONE);
  }

  @Test
  void aModelMayMoveToAnotherThread() throws InterruptedException {
    double here = model.logProbability(model.start(), 1);
    double[] there = new double[1];
    Thread other = new Thread(() -> there[0] = model.logProbability(model.start(), 1));
    other.start();
    other.join();
    assertThat(there[0]).isEqualTo(here);
  }

  @Test
  void aVocabularyOfAnotherSizeIsRefused() {
    TransformerLm five = new TransformerLm(new TransformerConfig(5, CONTEXT, 1, 1, 4, 0));
    ParameterVector values = new ParameterVector(five.layout(), Precision.FLOAT);
    Vocabulary two = new Vocabulary(List.of("a", "b"));
    assertThatThrownBy(() -> new TransformerLanguageModel(five, values, two, KernelChoice.AUTO))
        .hasMessageContaining("2 tokens for a model of 5");
  }

  private static int start(String... tokens) {
    return TransformerLanguageModel.startToken(new Vocabulary(List.of(tokens)));
  }

  private double[] oneByOne(LanguageModel.State from, int[] text) {
    double[] out = new double[text.length];
    LanguageModel.State state = from;
    for (int i = 0; i < text.length; i++) {
      out[i] = model.logProbability(state, text[i]);
      state = model.advance(state, text[i]);
    }
    return out;
  }

  private double after(int[] text, int token) {
    LanguageModel.State state = model.start();
    for (int t : text) {
      state = model.advance(state, t);
    }
    return model.logProbability(state, token);
  }

  /** log p(text[i]) given the {@code history} tokens before it, the start token being the first. */
  private double scoreWithHistory(int[] text, int i, int history) {
    int[] sequence = new int[text.length + 1];
    System.arraycopy(text, 0, sequence, 1, text.length);
    LanguageModel.State state = NO_START.start();
    for (int p = i + 1 - history; p <= i; p++) {
      state = NO_START.advance(state, sequence[p]);
    }
    return NO_START.logProbability(state, text[i]);
  }

  /** The same parameters behind a vocabulary without a start token. */
  private static final TransformerLanguageModel NO_START =
      model(new Vocabulary(List.of("e", "a", "b", "c", "d")));

  private static TransformerLanguageModel model(Vocabulary vocabulary) {
    return model(vocabulary, 20);
  }

  private static TransformerLanguageModel model(Vocabulary vocabulary, double factor) {
    TransformerLm lm = lm(vocabulary.size());
    return new TransformerLanguageModel(lm, large(lm, factor), vocabulary, KernelChoice.AUTO);
  }

  private static TransformerLm lm(int vocabularySize) {
    return new TransformerLm(new TransformerConfig(vocabularySize, CONTEXT, 2, 2, 8, 0.5));
  }

  /** Initial weights made larger, so that every token of the history matters. */
  private static ParameterVector large(TransformerLm lm, double factor) {
    ParameterVector values = new ParameterVector(lm.layout(), Precision.FLOAT);
    values.initialize(3);
    lm.layout().parameters().stream()
        .filter(p -> p.decays())
        .forEach(p -> KernelChoice.AUTO.create(Precision.FLOAT).scale(values.of(p), factor));
    return values;
  }
}
