package org.wordmill.model;

import java.io.Serializable;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Tokenizer;

/**
 * The recipe of a model: everything that its parameters' names and shapes, and its formula, depend
 * on. Implementations are records of numbers, strings and enums, because they are shipped to
 * executors and written into checkpoints field by field.
 */
public interface ModelConfig extends Serializable {

  /** The family, as checkpoints and presets name it: {@code transformer}, {@code lstm}. */
  String kind();

  /** V, the number of tokens; 0 in a preset, where the tokenizer decides. */
  int vocabularySize();

  /** T, the longest history in tokens. */
  int contextLength();

  /** How many layers or blocks there are, each with parameters of its own. */
  int layers();

  /** The same recipe for another vocabulary. */
  ModelConfig withVocabularySize(int vocabularySize);

  /**
   * The same recipe for what a tokenizer knows.
   *
   * @throws WordmillException USAGE when the model cannot use such tokens
   */
  default ModelConfig settledFor(Tokenizer tokenizer) {
    return withVocabularySize(tokenizer.vocabulary().size());
  }

  /** The model. It holds no numbers, so this is cheap. */
  TrainableModel build();
}
