package org.wordmill.model;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Default;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.module.attention.TransformerBlock;

/**
 * The size of a Transformer language model, and which of its variants it is.
 *
 * @param vocabularySize V; 0 as long as the tokenizer has not settled it
 * @param contextLength the longest sequence it sees, in tokens
 * @param layers blocks
 * @param heads of attention in each block
 * @param width C, a multiple of {@code heads}
 * @param dropout rate in training, in [0, 1), of embeddings, attention weights and both outputs of
 *     a block
 * @param positions how it knows where a token stands
 * @param norm where blocks normalize
 * @param residual whether blocks have residual connections; without them deep models do not learn,
 *     which is what this is for
 */
public record TransformerConfig(
    int vocabularySize,
    int contextLength,
    int layers,
    int heads,
    int width,
    double dropout,
    @Default("learned") PositionKind positions,
    @Default("pre") NormPlacement norm,
    @Default("true") boolean residual)
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
    if (positions == PositionKind.ROTARY && width / heads % 2 != 0) {
      throw fault(
          "heads of width " + width / heads + " have no pairs to rotate",
          "choose a width that is an even multiple of the heads, or other positions");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw fault("a dropout of " + dropout + " is no probability below 1", "choose 0 to 0.9");
    }
  }

  /** As GPT-2: learned positions, pre-norm, residual connections. */
  public TransformerConfig(
      int vocabularySize, int contextLength, int layers, int heads, int width, double dropout) {
    this(
        vocabularySize,
        contextLength,
        layers,
        heads,
        width,
        dropout,
        PositionKind.LEARNED,
        NormPlacement.PRE,
        true);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public TransformerConfig withVocabularySize(int size) {
    return new TransformerConfig(
        size, contextLength, layers, heads, width, dropout, positions, norm, residual);
  }

  /** The same recipe with another way to know positions. */
  public TransformerConfig withPositions(PositionKind other) {
    return new TransformerConfig(
        vocabularySize, contextLength, layers, heads, width, dropout, other, norm, residual);
  }

  /** The same recipe with the norms elsewhere. */
  public TransformerConfig withNorm(NormPlacement other) {
    return new TransformerConfig(
        vocabularySize, contextLength, layers, heads, width, dropout, positions, other, residual);
  }

  /** The same recipe with residual connections or without. */
  public TransformerConfig withResidual(boolean connections) {
    return new TransformerConfig(
        vocabularySize, contextLength, layers, heads, width, dropout, positions, norm, connections);
  }

  TransformerBlock.Recipe block() {
    return new TransformerBlock.Recipe(
        width, heads, contextLength, dropout, positions, norm, residual);
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
