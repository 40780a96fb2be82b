package org.wordmill.model;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Default;

/**
 * The size of a tagger with windows that slide over the sentence.
 *
 * @param vocabularySize V; 0 as long as the training text has not settled it
 * @param tags K; 0 as long as the training text has not settled it
 * @param contextLength words; longer sentences are cut for training, and for training only
 * @param embeddingWidth E
 * @param layers of the network
 * @param width H, what each layer makes of a window
 * @param window k, words that a window of a layer sees; odd, so that it reaches as far on both
 *     sides
 * @param dropout rate in training, in [0, 1), of the embedding and of every layer's output
 * @param minimumCount words that the training text has more rarely are {@code <unk>}
 */
public record ConvolutionalTaggerConfig(
    int vocabularySize,
    @Default("0") int tags,
    int contextLength,
    int embeddingWidth,
    int layers,
    int width,
    int window,
    double dropout,
    int minimumCount)
    implements TaggerConfig {

  /** The name of this family in presets and checkpoints. */
  public static final String KIND = "convolutional-tagger";

  public ConvolutionalTaggerConfig {
    TaggerConfig.check(vocabularySize, tags, contextLength, embeddingWidth, dropout, minimumCount);
    TaggerConfig.atLeastOne("number of layers", layers);
    TaggerConfig.atLeastOne("width", width);
    TaggerConfig.atLeastOne("window", window);
    if (window % 2 == 0) {
      throw new WordmillException(
          ExitCode.USAGE,
          "a window of " + window + " words has no word in the middle",
          "in the model's configuration",
          "choose an odd number");
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public ConvolutionalTaggerConfig withVocabularySize(int size) {
    return new ConvolutionalTaggerConfig(
        size, tags, contextLength, embeddingWidth, layers, width, window, dropout, minimumCount);
  }

  @Override
  public ConvolutionalTaggerConfig withTags(int number) {
    return new ConvolutionalTaggerConfig(
        vocabularySize,
        number,
        contextLength,
        embeddingWidth,
        layers,
        width,
        window,
        dropout,
        minimumCount);
  }

  @Override
  public SentenceNetwork network() {
    return new WindowNetwork(this);
  }
}
