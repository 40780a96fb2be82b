package org.wordmill.model;

import org.wordmill.module.recurrent.Lstm;
import org.wordmill.module.recurrent.Recurrence;
import org.wordmill.module.recurrent.RecurrentLayer;

/**
 * The size of a language model with long short-term memory.
 *
 * @param vocabularySize V; 0 as long as the tokenizer has not settled it
 * @param contextLength the steps of time that training goes through at once
 * @param embeddingWidth E
 * @param layers of the network
 * @param width H, of the hidden state of each layer
 * @param dropout rate in training, in [0, 1), of the embedding and of every layer's output
 * @param tiedHead whether the head is the table of token embeddings; needs equal widths
 * @param truncation steps after which the gradient goes no farther back in time; 0 for never
 */
public record LstmConfig(
    int vocabularySize,
    int contextLength,
    int embeddingWidth,
    int layers,
    int width,
    double dropout,
    boolean tiedHead,
    int truncation)
    implements RecurrentConfig {

  /** The name of this family in presets and checkpoints. */
  public static final String KIND = "lstm";

  public LstmConfig {
    RecurrentConfig.check(
        vocabularySize,
        contextLength,
        embeddingWidth,
        layers,
        width,
        dropout,
        tiedHead,
        truncation);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public LstmConfig withVocabularySize(int size) {
    return new LstmConfig(
        size, contextLength, embeddingWidth, layers, width, dropout, tiedHead, truncation);
  }

  @Override
  public Recurrence cell(RecurrentLayer layer) {
    return new Lstm(layer);
  }
}
