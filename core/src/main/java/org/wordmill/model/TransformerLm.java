package org.wordmill.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.LanguageModel;
import org.wordmill.module.Dropout;
import org.wordmill.module.Embedding;
import org.wordmill.module.LayerNorm;
import org.wordmill.module.LearnedPositionEmbedding;
import org.wordmill.module.Linear;
import org.wordmill.module.SinusoidalPositions;
import org.wordmill.module.SoftmaxCrossEntropy;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.TransformerBlock;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Module;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;
import org.wordmill.text.Vocabulary;

/**
 * A decoder-only Transformer language model as GPT-2: token and position embeddings, blocks, a last
 * layer normalization, and a head that is the table of token embeddings again. Its configuration
 * chooses other kinds of positions, and post-norm, where the last block has normalized already.
 *
 * <p>It starts as GPT-2 does: weights normal with deviation 0.02, the two projections that end in
 * the residual stream of each block smaller by sqrt(2 layers), gains one, biases zero. Parameters
 * are named as in GPT-2's files; linear weights are [outputs, inputs] here and transposed there.
 *
 * <p>Source: Radford et al., Language models are unsupervised multitask learners, 2019.
 */
public final class TransformerLm extends Module implements TrainableLanguageModel, HiddenModel {
  private static final double DEVIATION = 0.02;

  private final TransformerConfig config;
  private final Embedding tokenEmbedding;
  private final Optional<LeafModule> positionEmbedding;
  private final Dropout embeddingDropout;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final Optional<LayerNorm> lastNorm;
  private final Linear head;
  private final SoftmaxCrossEntropy crossEntropy = new SoftmaxCrossEntropy(true);
  private final ParameterLayout layout;

  public TransformerLm(TransformerConfig config) {
    this.config = config;
    int width = config.width();
    Initializer weights = new Initializer.Normal(DEVIATION);
    Initializer projection = new Initializer.Normal(DEVIATION / Math.sqrt(2.0 * config.layers()));
    this.tokenEmbedding = new Embedding("wte", config.vocabularySize(), width, weights);
    this.positionEmbedding = positions(config, weights);
    this.embeddingDropout = new Dropout(config.dropout());
    for (int i = 0; i < config.layers(); i++) {
      blocks.add(new TransformerBlock("h." + i, config.block(), weights, projection));
    }
    this.lastNorm =
        config.norm() == NormPlacement.PRE
            ? Optional.of(new LayerNorm("ln_f", width))
            : Optional.empty();
    this.head = new Linear(tokenEmbedding.table(), null);
    this.layout = new ParameterLayout(this);
  }

  private static Optional<LeafModule> positions(TransformerConfig config, Initializer weights) {
    return switch (config.positions()) {
      case LEARNED ->
          Optional.of(
              new LearnedPositionEmbedding("wpe", config.contextLength(), config.width(), weights));
      case SINUSOIDAL -> Optional.of(new SinusoidalPositions());
      case RELATIVE, ROTARY, NONE -> Optional.empty();
    };
  }

  public TransformerConfig config() {
    return config;
  }

  /** Where each parameter lies in a flat vector; tied weights lie there once. */
  @Override
  public ParameterLayout layout() {
    return layout;
  }

  @Override
  public List<Module> children() {
    List<Module> all = new ArrayList<>();
    all.add(tokenEmbedding);
    positionEmbedding.ifPresent(all::add);
    all.add(embeddingDropout);
    all.addAll(blocks);
    lastNorm.ifPresent(all::add);
    all.add(head);
    all.add(crossEntropy);
    return all;
  }

  /** What the head reads: one vector [B, T, C] for each position of {@code inputs}. */
  @Override
  public Variable hidden(Tape tape, Ids inputs) {
    Variable tokens = tape.apply(tokenEmbedding, inputs);
    Variable placed = positionEmbedding.map(p -> tape.apply(p, tokens)).orElse(tokens);
    Variable x = embeddingDropout.forward(tape, placed);
    for (TransformerBlock block : blocks) {
      x = tape.block(y -> block.forward(tape, y), x);
    }
    Variable last = x;
    return lastNorm.map(norm -> tape.apply(norm, last)).orElse(last);
  }

  /** Scores [.., V] of the next token for vectors [.., C] of {@link #hidden}. */
  @Override
  public Variable head(Tape tape, Variable hidden) {
    return tape.apply(head, hidden);
  }

  /** Scores [B, T, V] of the token that follows each position of {@code inputs}. */
  public Variable logits(Tape tape, Ids inputs) {
    return head(tape, hidden(tape, inputs));
  }

  /**
   * The sum of -log p(target), natural logarithm, over the targets that are not {@link
   * Ids#IGNORED}; {@code targets[b, t]} follows {@code inputs[b, t]}.
   */
  @Override
  public Variable loss(Tape tape, Ids inputs, Ids targets) {
    return tape.apply(crossEntropy, targets, logits(tape, inputs));
  }

  @Override
  public LanguageModel open(
      ParameterVector parameters, Vocabulary vocabulary, KernelChoice kernels) {
    return new TransformerLanguageModel(this, parameters, vocabulary, kernels);
  }
}
