package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.text.TextPolicy;

/** The chain rule on a closed vocabulary, where every text can be written down. */
class ChainRuleTest {
  private static final List<String> WORDS = List.of("a", "b", "c");

  /** No sentence of the training text has more than three words, so none has a probability. */
  @Test
  void allTextsOfUpToFourTokensWithTheirEndSumToOne() throws IOException {
    MaximumLikelihood model =
        new MaximumLikelihood(RandomText.count("a b\na\n\nb c a\nc\na b c\nb\nb b b\n", 5));
    CorpusScorer scorer = new CorpusScorer(model, TextPolicy.DEFAULT, new Spelling(3));
    double sum = 0;
    int possible = 0;
    for (String text : textsOfUpTo(3)) {
      byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
      Perplexity score = scorer.score(new ByteArrayInputStream(line), "text");
      double p = Math.exp(score.logProbability());
      sum += p;
      possible += p > 0 ? 1 : 0;
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    assertThat(possible).isEqualTo(8);
  }

  private static List<String> textsOfUpTo(int words) {
    List<String> texts = new ArrayList<>(List.of(""));
    List<String> longest = List.of("");
    for (int length = 1; length <= words; length++) {
      List<String> longer = new ArrayList<>();
      for (String text : longest) {
        WORDS.forEach(word -> longer.add((text + " " + word).strip()));
      }
      texts.addAll(longer);
      longest = longer;
    }
    return texts;
  }
}
