package org.wordmill.model;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TaggedWords;
import org.wordmill.text.Tokenizer;

/** The recipe of a tagger, whatever network it reads sentences with. */
public sealed interface TaggerConfig extends ModelConfig
    permits RecurrentTaggerConfig, ConvolutionalTaggerConfig {
  /** How many parts of speech Universal Dependencies has. */
  int UNIVERSAL_TAGS = 17;

  /** K, the number of tags; 0 in a preset, where the training text decides. */
  int tags();

  /** E, the width of the word embedding. */
  int embeddingWidth();

  /** The rate in training, in [0, 1), of the embedding and of every layer's output. */
  double dropout();

  /** Words that the training text has more rarely are {@code <unk>}. */
  int minimumCount();

  /** The same recipe for another number of tags. */
  TaggerConfig withTags(int tags);

  @Override
  TaggerConfig withVocabularySize(int vocabularySize);

  /** The network that reads a sentence. */
  SentenceNetwork network();

  @Override
  default TaggerConfig settledFor(Tokenizer tokenizer) {
    if (!(tokenizer instanceof TaggedWords words)) {
      throw fault("a tagger cannot learn from text without tags", "train it on CoNLL-U");
    }
    return withVocabularySize(words.vocabulary().size()).withTags(words.tags().size());
  }

  /** With the parts of speech of Universal Dependencies, where nothing has settled the tags. */
  @Override
  default Tagger build() {
    atLeastOne("vocabulary size", vocabularySize());
    return new Tagger(tags() == 0 ? withTags(UNIVERSAL_TAGS) : this);
  }

  /**
   * Refuses sizes that make no tagger.
   *
   * @throws WordmillException USAGE
   */
  static void check(
      int vocabularySize,
      int tags,
      int contextLength,
      int embeddingWidth,
      double dropout,
      int minimumCount) {
    if (vocabularySize < 0 || tags < 0) {
      throw fault(
          "a vocabulary of " + vocabularySize + " and " + tags + " tags",
          "leave them out, the training text decides");
    }
    atLeastOne("context length", contextLength);
    atLeastOne("embedding width", embeddingWidth);
    atLeastOne("minimum count", minimumCount);
    if (!(dropout >= 0 && dropout < 1)) {
      throw fault("a dropout of " + dropout + " is no probability below 1", "choose 0 to 0.9");
    }
  }

  /** Refuses what is less than 1. */
  static void atLeastOne(String what, int value) {
    if (value < 1) {
      throw fault("the " + what + " is " + value, "choose at least 1");
    }
  }

  private static WordmillException fault(String what, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "in the model's configuration", remedy);
  }
}
