package org.wordmill.lm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;

/** Scores by hand: what is counted as token, unknown word, sentence, character and bit. */
class ScorersTest {
  private static final double LN_2 = Math.log(2);

  /** {@code <unk> <s> </s> a}: after anything, 1/8, 0, 1/8, 3/4. */
  private static final LanguageModel WORDS =
      new FixedModel(
          new Vocabulary(List.of("<unk>", "<s>", "</s>", "a")),
          1,
          new double[][] {
            {0.125, 0, 0.125, 0.75},
            {0.125, 0, 0.125, 0.75},
            {0.125, 0, 0.125, 0.75},
            {0.125, 0, 0.125, 0.75}
          });

  @Test
  void sentencesOfWordsEndInAnEventEach() throws IOException {
    Perplexity perplexity = score("a a\n\na\n");
    assertThat(perplexity.sentences()).isEqualTo(3);
    assertThat(perplexity.tokens()).isEqualTo(6);
    assertThat(perplexity.oov()).isZero();
    assertThat(perplexity.characters()).isEqualTo(4 + 1 + 2);
    assertThat(perplexity.logProbability())
        .isCloseTo(3 * Math.log(0.75) + 3 * Math.log(0.125), within(1e-12));
    assertThat(perplexity.includingOov())
        .isCloseTo(Math.pow(Math.pow(0.75, 3) * Math.pow(0.125, 3), -1.0 / 6), within(1e-12));
    assertThat(perplexity.excludingOov()).isEqualTo(perplexity.includingOov());
  }

  @Test
  void anUnknownWordCostsUnkAndItsSpelling() throws IOException {
    // 3 symbols and the end of the word: 2 bits for each of ż, ó, ł, w and the end.
    Perplexity perplexity = score("a żółw\n");
    assertThat(perplexity.oov()).isEqualTo(1);
    assertThat(perplexity.characters()).isEqualTo(7);
    assertThat(perplexity.oovLogProbability()).isCloseTo(Math.log(0.125), within(1e-12));
    assertThat(perplexity.spellingLogProbability()).isCloseTo(-10 * LN_2, within(1e-12));
    double bits = -Math.log(0.75) / LN_2 + 3 + 10 + 3;
    assertThat(perplexity.bitsPerCharacter()).isCloseTo(bits / 7, within(1e-12));
    assertThat(perplexity.excludingOov())
        .isCloseTo(Math.exp(-(Math.log(0.75) + Math.log(0.125)) / 2), within(1e-12));
  }

  @Test
  void reservedWordsInTextAreUnknown() throws IOException {
    assertThat(score("<unk> </s> a\n").oov()).isEqualTo(2);
    assertThat(score("<unk> </s> a\n").tokens()).isEqualTo(4);
  }

  @Test
  void partsOfATextAddUp() throws IOException {
    Perplexity sum = score("a b\n").plus(score("a\nc d e\n"));
    Perplexity whole = score("a b\na\nc d e\n");
    assertThat(sum.figures().keySet()).isEqualTo(whole.figures().keySet());
    assertThat(sum.includingOov()).isCloseTo(whole.includingOov(), within(1e-12));
    assertThat(sum.tokens()).isEqualTo(whole.tokens());
    assertThat(sum.characters()).isEqualTo(whole.characters());
  }

  @Test
  void aModelThatRemembersSentencesHearsThemOneAfterTheOther() throws IOException {
    List<LanguageModel.State> begins = new ArrayList<>();
    LanguageModel remembering =
        new FixedModel(
            WORDS.vocabulary(),
            1,
            new double[][] {{0, 0, 0, 1}, {0, 0, 0.5, 0.5}, {0, 0, 0.25, 0.75}, {0, 0, 1, 0}}) {
          @Override
          public boolean remembersSentences() {
            return true;
          }

          @Override
          public State nextSentence(State ended) {
            begins.add(ended);
            return super.nextSentence(ended);
          }
        };
    Perplexity perplexity =
        new CorpusScorer(remembering, TextPolicy.DEFAULT, new Spelling(3))
            .score(new ByteArrayInputStream("a\n\na\n".getBytes(UTF_8)), "text");
    // After <s> 1/2 and 1, after </s> 1/4 for an empty line, and then 3/4 and 1.
    assertThat(Math.exp(perplexity.logProbability())).isCloseTo(0.5 * 0.25 * 0.75, within(1e-12));
    assertThat(begins).hasSize(3);
  }

  @Test
  void linesThatAreScoredTogetherHaveTheScoresOfLinesOneByOne() throws IOException {
    byte[] lines = "a\na b <s>\n\na a żółw\n".repeat(77).getBytes(UTF_8);
    TextPolicy policy = TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN);
    CorpusScorer scorer = new CorpusScorer(WORDS, policy, new Spelling(3));
    List<Integer> heard = new ArrayList<>();
    Perplexity oneByOne =
        scorer.score(
            new ByteArrayInputStream(lines), "text", (n, word, id, state, p) -> heard.add(id));
    assertThat(scorer.score(new ByteArrayInputStream(lines), "text")).isEqualTo(oneByOne);
    assertThat(scorer.score(List.of(lines), "text")).containsExactly(oneByOne);
    assertThat(heard).hasSize((int) oneByOne.tokens());
  }

  @Test
  void textsInMemoryAreScoredEachByItself() throws IOException {
    CorpusScorer scorer = new CorpusScorer(WORDS, TextPolicy.DEFAULT, new Spelling(3));
    List<String> texts = List.of("a\nb a\n", "", "\n", "a", "a\n\nb");
    assertThat(scorer.score(texts.stream().map(text -> text.getBytes(UTF_8)).toList(), "texts"))
        .containsExactly(
            score("a\nb a\n"), score("\n"), score("\n"), score("a\n"), score("a\n\nb\n"));
  }

  @Test
  void aModelWithoutSentencesIsRefusedForSentences() {
    UniformModel characters = new UniformModel(new Vocabulary(List.of("a", "<unk>")));
    assertThatThrownBy(() -> new CorpusScorer(characters, TextPolicy.DEFAULT, new Spelling(3)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("</s>");
  }

  @Test
  void aStreamOfCharactersHasNoSentences() {
    UniformModel model = new UniformModel(new Vocabulary(List.of("a", "b", "\n", "<unk>")));
    int[] tokens = new int[10_000];
    tokens[5000] = 3;
    Perplexity perplexity = StreamScorer.score(model, tokens, tokens.length);
    assertThat(perplexity.tokens()).isEqualTo(10_000);
    assertThat(perplexity.oov()).isEqualTo(1);
    assertThat(perplexity.includingOov()).isCloseTo(4, within(1e-9));
    double unknown = Math.log(1_112_064) / LN_2;
    assertThat(perplexity.bitsPerCharacter()).isCloseTo(2 + unknown / 10_000, within(1e-9));
  }

  @Test
  void severalStreamsAreScoredEachByItself() {
    UniformModel model = new UniformModel(new Vocabulary(List.of("a", "b", "\n", "<unk>")));
    List<int[]> streams = List.of(new int[] {0, 3, 1}, new int[0], new int[] {2});
    assertThat(StreamScorer.score(model, streams, List.of(3, 0, 1)))
        .containsExactly(
            StreamScorer.score(model, streams.get(0), 3),
            StreamScorer.score(model, streams.get(1), 0),
            StreamScorer.score(model, streams.get(2), 1));
  }

  private static Perplexity score(String text) throws IOException {
    return new CorpusScorer(
            WORDS, TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN), new Spelling(3))
        .score(new ByteArrayInputStream(text.getBytes(UTF_8)), "text");
  }
}
