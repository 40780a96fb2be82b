package org.wordmill.model;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The size of a Transformer language model.
 *
 * @param vocabularySize V; 0 as long as the tokenizer has not settled it
 * @param contextLength the longest sequence it sees, in tokens
 * @param layers blocks
 * @param heads of attention in each block
 * @param width C, a multiple of {@code heads}
 * @param dropout rate in training, in [0, 1), of embeddings, attention weights and both outputs of
 *     a block
 */
public record TransformerConfig(
    int vocabularySize, int contextLength, int layers, int heads, int width, double dropout)
    implements ModelConfig {

  /** The name of this family in presets and checkpoints. */
  public static final String KIND = "transformer";

  public TransformerConfig {
    if (vocabularySize < 0) {
      throw fault("the vocabulary size is " + vocabularySize, "choose at least 1");
    }
    atLeastOne("context length", contextLength);
    atLeastOne("number of layers", layers);
    atLeastOne("number of heads", heads);
    atLeastOne("width", width);
    if (width % heads != 0) {
      throw fault(
          "a width of " + width + " cannot be shared out over " + heads + " heads",
          "choose a width that is a multiple of the heads");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw fault("a dropout of " + dropout + " is no probability below 1", "choose 0 to 0.9");
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public TransformerConfig withVocabularySize(int size) {
    return new TransformerConfig(size, contextLength, layers, heads, width, dropout);
  }

  @Override
  public TransformerLm build() {
    atLeastOne("vocabulary size", vocabularySize);
    return new TransformerLm(this);
  }

  private static void atLeastOne(String what, int value) {
    if (value < 1) {
      throw fault("the " + what + " is " + value, "choose at least 1");
    }
  }

  private static WordmillException fault(String what, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "in the model's configuration", remedy);
  }
}
