package org.wordmill.model;

import org.wordmill.format.json.Default;

/**
 * The size of a tagger with recurrent layers.
 *
 * @param vocabularySize V; 0 as long as the training text has not settled it
 * @param tags K; 0 as long as the training text has not settled it
 * @param contextLength words; longer sentences are cut for training, and for training only
 * @param embeddingWidth E
 * @param layers of the network
 * @param width H, of the hidden state of each layer, in each direction
 * @param cell of all layers
 * @param bidirectional whether the layers hear what stands to the right of a word, too
 * @param dropout rate in training, in [0, 1), of the embedding and of every layer's output
 * @param minimumCount words that the training text has more rarely are {@code <unk>}
 */
public record RecurrentTaggerConfig(
    int vocabularySize,
    @Default("0") int tags,
    int contextLength,
    int embeddingWidth,
    int layers,
    int width,
    CellKind cell,
    boolean bidirectional,
    double dropout,
    int minimumCount)
    implements TaggerConfig {

  /** The name of this family in presets and checkpoints. */
  public static final String KIND = "recurrent-tagger";

  public RecurrentTaggerConfig {
    TaggerConfig.check(vocabularySize, tags, contextLength, embeddingWidth, dropout, minimumCount);
    TaggerConfig.atLeastOne("number of layers", layers);
    TaggerConfig.atLeastOne("width", width);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public RecurrentTaggerConfig withVocabularySize(int size) {
    return new RecurrentTaggerConfig(
        size,
        tags,
        contextLength,
        embeddingWidth,
        layers,
        width,
        cell,
        bidirectional,
        dropout,
        minimumCount);
  }

  @Override
  public RecurrentTaggerConfig withTags(int number) {
    return new RecurrentTaggerConfig(
        vocabularySize,
        number,
        contextLength,
        embeddingWidth,
        layers,
        width,
        cell,
        bidirectional,
        dropout,
        minimumCount);
  }

  @Override
  public SentenceNetwork network() {
    return new RecurrentNetwork(this);
  }
}
