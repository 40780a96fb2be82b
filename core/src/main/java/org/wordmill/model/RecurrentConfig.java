package org.wordmill.model;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.module.recurrent.Recurrence;
import org.wordmill.module.recurrent.RecurrentLayer;

/**
 * The size of a recurrent language model, whatever its cell. The records that implement it differ
 * in nothing but the cell, which is their kind.
 */
public sealed interface RecurrentConfig extends ModelConfig
    permits RnnConfig, LstmConfig, GruConfig {

  /** E, the width of the token embedding. */
  int embeddingWidth();

  /** Recurrent layers, each of which reads the one below. */
  int layers();

  /** H, the width of every layer's hidden state. */
  int width();

  /** The rate in training, in [0, 1), of the embedding and of every layer's output. */
  double dropout();

  /** Whether the head is the table of token embeddings again, which needs E = H. */
  boolean tiedHead();

  /** Steps after which the gradient goes no farther back in time; 0 for the whole context. */
  int truncation();

  /** One layer of this kind. */
  Recurrence cell(RecurrentLayer layer);

  @Override
  default RecurrentLm build() {
    atLeastOne("vocabulary size", vocabularySize());
    return new RecurrentLm(this);
  }

  /**
   * Refuses sizes that make no model.
   *
   * @throws WordmillException USAGE
   */
  static void check(
      int vocabularySize,
      int contextLength,
      int embeddingWidth,
      int layers,
      int width,
      double dropout,
      boolean tiedHead,
      int truncation) {
    if (vocabularySize < 0) {
      throw fault("the vocabulary size is " + vocabularySize, "choose at least 1");
    }
    atLeastOne("context length", contextLength);
    atLeastOne("embedding width", embeddingWidth);
    atLeastOne("number of layers", layers);
    atLeastOne("width", width);
    if (!(dropout >= 0 && dropout < 1)) {
      throw fault("a dropout of " + dropout + " is no probability below 1", "choose 0 to 0.9");
    }
    if (tiedHead && embeddingWidth != width) {
      throw fault(
          "a tied head needs an embedding as wide as the state, and %d is not %d"
              .formatted(embeddingWidth, width),
          "choose equal widths, or tied_head = false");
    }
    if (truncation < 0) {
      throw fault("the truncation is " + truncation, "choose a number of steps, or 0 for none");
    }
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
