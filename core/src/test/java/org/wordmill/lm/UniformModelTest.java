package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.text.Vocabulary;

class UniformModelTest extends LanguageModelContract {

  @Override
  protected LanguageModel model() {
    return new UniformModel(new Vocabulary(List.of("<unk>", "<s>", "</s>", "a", "b")));
  }

  @Test
  void perplexityIsTheSizeOfTheVocabularyWithoutBeginOfSentence() {
    Perplexity perplexity = StreamScorer.score(model(), new int[] {3, 4, 3, 2}, 8);
    assertThat(perplexity.includingOov()).isCloseTo(4, within(1e-12));
    assertThat(perplexity.bitsPerCharacter()).isCloseTo(4 * 2 / 8.0, within(1e-12));
  }
}
