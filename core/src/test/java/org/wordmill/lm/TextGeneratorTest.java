package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wordmill.text.Characters;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WhitespaceWords;

class TextGeneratorTest {
  private static final Vocabulary WORDS =
      new Vocabulary(List.of("<unk>", "<s>", "</s>", "the", "mill", "turns"));

  /** A model that is mostly sure: the mill turns {@code </s>}. */
  private static final LanguageModel MILL =
      new FixedModel(
          WORDS,
          1,
          new double[][] {
            {0.5, 0, 0, 0.5, 0, 0},
            {0.5, 0, 0, 0.5, 0, 0},
            {0, 0, 0, 0, 0, 0},
            {0, 0, 0, 0, 1, 0},
            {0, 0, 0, 0.25, 0, 0.75},
            {0, 0, 1, 0, 0, 0}
          });

  @Test
  void aSentenceEndsWhereTheModelEndsIt() {
    TextGenerator generator = new TextGenerator(MILL, new WhitespaceWords(WORDS), Sampler.GREEDY);
    assertThat(generator.generate("", 10, 1))
        .isEqualTo(new TextGenerator.Generated("the mill turns", 3, true));
    assertThat(generator.generate("", 2, 1))
        .isEqualTo(new TextGenerator.Generated("the mill", 2, false));
  }

  @Test
  void thePromptMovesTheState() {
    TextGenerator generator = new TextGenerator(MILL, new WhitespaceWords(WORDS), Sampler.GREEDY);
    assertThat(generator.generate("the mill", 10, 1).text()).isEqualTo("turns");
    assertThat(generator.generate("an owl", 1, 1).text()).isEqualTo("the"); // <unk> is no text.
  }

  @Test
  void theSameSeedGivesTheSameText() {
    TextGenerator generator = new TextGenerator(MILL, new WhitespaceWords(WORDS), Sampler.PLAIN);
    assertThat(generator.generate("", 50, 7)).isEqualTo(generator.generate("", 50, 7));
    assertThat(
            IntStream.range(0, 50).mapToObj(i -> generator.generate("", 50, i).text()).distinct())
        .hasSizeGreaterThan(1);
  }

  @Test
  void aModelThatIsStuckEndsTheText() {
    Vocabulary ab = new Vocabulary(List.of("a", "b", "<unk>"));
    LanguageModel stuck = new FixedModel(ab, 0, new double[][] {{0, 1, 0}, {0, 0, 1}, {0, 0, 1}});
    TextGenerator generator = new TextGenerator(stuck, new Characters(ab), Sampler.PLAIN);
    assertThat(generator.generate("", 5, 1)).isEqualTo(new TextGenerator.Generated("b", 1, true));
  }

  @Test
  void aListenerHearsEveryTokenWithItsDieAndMayStop() {
    TextGenerator generator = new TextGenerator(MILL, new WhitespaceWords(WORDS), Sampler.GREEDY);
    List<String> heard = new ArrayList<>();
    TextGenerator.Listener listener =
        (token, logProbabilities) -> {
          heard.add(WORDS.token(token) + " " + Math.round(100 * Math.exp(logProbabilities[token])));
          assertThat(logProbabilities[WORDS.unknown()]).isEqualTo(Float.NEGATIVE_INFINITY);
          return !WORDS.token(token).equals("mill");
        };
    assertThat(generator.generate(new int[0], 10, 1, listener))
        .isEqualTo(new TextGenerator.Generated("the mill", 2, false));
    assertThat(heard).containsExactly("the 50", "mill 100");
  }

  @Test
  void aTokenizerOfAnotherVocabularyIsRefused() {
    assertThatThrownBy(() -> new TextGenerator(MILL, Characters.fromText("ab"), Sampler.PLAIN))
        .hasMessageContaining("tokenizer");
  }
}
