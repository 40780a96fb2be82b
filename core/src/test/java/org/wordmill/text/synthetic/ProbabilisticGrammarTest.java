package org.wordmill.text.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wordmill.text.synthetic.ProbabilisticGrammar.Sentence;

class ProbabilisticGrammarTest {

  @Test
  void entropyOfAFairCoinAndAGeometricLengthAreTheTextbookValues() {
    // n words, p(n) = (1/2)^(n+1), each word one of two at even odds: 2 bits for the length, 1 bit
    // a word, 1 word.
    ProbabilisticGrammar grammar =
        ProbabilisticGrammar.startingWith("S")
            .rule("S", 1, "")
            .rule("S", 1, "COIN S")
            .rule("COIN", 1, "heads")
            .rule("COIN", 1, "tails")
            .build();
    assertThat(grammar.bitsPerSentence()).isCloseTo(3.0, within(1e-9));
    assertThat(grammar.wordsPerSentence()).isCloseTo(1.0, within(1e-9));
    assertThat(grammar.bitsPerToken()).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void theProbabilityOfASentenceIsThatOfItsDerivation() {
    ProbabilisticGrammar grammar = SyntheticLanguage.grammar();
    SyntheticLanguage.sentences(3)
        .limit(2000)
        .forEach(
            sentence ->
                assertThat(-grammar.log2Probability(sentence.words()))
                    .as(sentence.text())
                    .isCloseTo(sentence.bits(), within(1e-9)));
    assertThat(grammar.log2Probability(List.of("the", "keys", "is", "red", ".")))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(grammar.log2Probability(List.of())).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  /** Three letters are one and two, or two and one: 1/4 + 1/4. */
  @Test
  void theProbabilityOfAnAmbiguousSentenceIsTheSumOverItsDerivations() {
    ProbabilisticGrammar grammar =
        ProbabilisticGrammar.startingWith("S")
            .rule("S", 1, "T T")
            .rule("T", 1, "a")
            .rule("T", 1, "a a")
            .build();
    assertThat(grammar.log2Probability(List.of("a", "a", "a"))).isEqualTo(-1);
    assertThat(grammar.log2Probability(List.of("a", "a"))).isEqualTo(-2);
    ProbabilisticGrammar leftRecursive =
        ProbabilisticGrammar.startingWith("S").rule("S", 1, "S a").rule("S", 2, "a").build();
    assertThatThrownBy(() -> leftRecursive.log2Probability(List.of("a")))
        .hasMessageContaining("S can begin with itself");
  }

  @Test
  void sampledBitsAndLengthsApproachTheClosedForm() {
    ProbabilisticGrammar grammar = SyntheticLanguage.grammar();
    int n = 200_000;
    double[] sums = new double[2];
    SyntheticLanguage.sentences(7)
        .limit(n)
        .forEach(
            sentence -> {
              sums[0] += sentence.bits();
              sums[1] += sentence.words().size();
            });
    assertThat(sums[0] / n).isCloseTo(grammar.bitsPerSentence(), within(0.1));
    assertThat(sums[1] / n).isCloseTo(grammar.wordsPerSentence(), within(0.1));
  }

  @Test
  void equalSentencesHaveEqualProbabilityBecauseTheLanguageIsUnambiguous() {
    Map<String, Double> bits = new HashMap<>();
    SyntheticLanguage.sentences(11)
        .limit(300_000)
        .forEach(
            sentence -> {
              Double before = bits.put(sentence.text(), sentence.bits());
              if (before != null) {
                assertThat(sentence.bits()).isCloseTo(before, within(1e-9));
              }
            });
    assertThat(bits).hasSizeGreaterThan(10_000);
  }

  @Test
  void frequenciesOfShortSentencesMatchTheirStatedProbability() {
    int n = 400_000;
    Map<String, Integer> seen = new HashMap<>();
    Map<String, Double> bits = new HashMap<>();
    SyntheticLanguage.sentences(3)
        .limit(n)
        .forEach(
            sentence -> {
              seen.merge(sentence.text(), 1, Integer::sum);
              bits.put(sentence.text(), sentence.bits());
            });
    seen.forEach(
        (text, count) -> {
          double expected = n * Math.pow(2, -bits.getOrDefault(text, 0.0));
          if (expected > 500) {
            assertThat((double) count).isCloseTo(expected, within(6 * Math.sqrt(expected)));
          }
        });
  }

  @Test
  void agreementNamesAndBracketsHoldHoweverFarApart() {
    SyntheticLanguage.sentences(5).limit(50_000).forEach(ProbabilisticGrammarTest::assertAgreement);
  }

  private static void assertAgreement(Sentence sentence) {
    List<String> words = sentence.words();
    if (words.get(0).equals("the")) {
      assertThat(words.contains("are")).as(sentence.text()).isEqualTo(words.get(1).endsWith("s"));
    } else if (words.get(0).equals("list")) {
      Deque<String> open = new ArrayDeque<>();
      Map<String, String> closing = Map.of(")", "(", "]", "[", "}", "{");
      for (String word : words) {
        if (closing.containsValue(word)) {
          open.push(word);
        } else if (closing.containsKey(word)) {
          assertThat(open.pop()).as(sentence.text()).isEqualTo(closing.get(word));
        }
      }
      assertThat(open).as(sentence.text()).isEmpty();
    } else {
      assertThat(words.get(words.size() - 2)).as(sentence.text()).isEqualTo(words.get(0));
    }
  }

  @Test
  void oneSeedGivesOneText() {
    assertThat(SyntheticLanguage.sentences(1).limit(100).map(Sentence::text).toList())
        .isEqualTo(SyntheticLanguage.sentences(1).limit(100).map(Sentence::text).toList())
        .isNotEqualTo(SyntheticLanguage.sentences(2).limit(100).map(Sentence::text).toList());
  }

  @Test
  void aGrammarThatDoesNotEndIsRefused() {
    ProbabilisticGrammar.Builder endless =
        ProbabilisticGrammar.startingWith("S").rule("S", 1, "a S");
    assertThatThrownBy(endless::build).hasMessageContaining("do not end");
    assertThatThrownBy(() -> endless.rule("S", 0, "b")).hasMessageContaining("weight");
  }
}
