package org.wordmill.model;

import java.util.ArrayList;
import java.util.List;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.LanguageModel;
import org.wordmill.module.Dropout;
import org.wordmill.module.Embedding;
import org.wordmill.module.Linear;
import org.wordmill.module.SoftmaxCrossEntropy;
import org.wordmill.module.recurrent.Recurrence;
import org.wordmill.module.recurrent.RecurrentLayer;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;
import org.wordmill.text.Vocabulary;

/**
 * A recurrent language model: token embeddings, recurrent layers of one kind of cell, each reading
 * the one below, and a head.
 *
 * <pre>
 * x_t = table[w_t]     h_t = layers(x_t, h_{t-1})     p(w_{t+1} | w_1 .. w_t) = softmax(V h_t + c)
 * J = sum_t -log p(w_{t+1} | w_1 .. w_t)
 * </pre>
 *
 * Training begins every window with a state of zeros, and goes back through all of it or,
 * truncated, through pieces of it. The embedding starts uniform within 0.1, the rest within 1 /
 * sqrt(H).
 *
 * <p>Source: lecture, RNN-LM; Mikolov et al., Recurrent neural network based language model, 2010;
 * dropout between layers, not between steps, as Zaremba, Sutskever and Vinyals, Recurrent neural
 * network regularization, 2014; tied head: Press and Wolf, Using the output embedding, 2017.
 */
public final class RecurrentLm extends Module implements TrainableLanguageModel, HiddenModel {
  private static final double EMBEDDING_LIMIT = 0.1;

  private final RecurrentConfig config;
  private final Embedding tokenEmbedding;
  private final Dropout dropout;
  private final List<Recurrence> layers = new ArrayList<>();
  private final Linear head;
  private final SoftmaxCrossEntropy crossEntropy = new SoftmaxCrossEntropy(true);
  private final ParameterLayout layout;

  public RecurrentLm(RecurrentConfig config) {
    this.config = config;
    int vocabulary = config.vocabularySize();
    int width = config.width();
    this.tokenEmbedding =
        new Embedding(
            "wte", vocabulary, config.embeddingWidth(), new Initializer.Uniform(EMBEDDING_LIMIT));
    this.dropout = new Dropout(config.dropout());
    for (int i = 0; i < config.layers(); i++) {
      int inputs = i == 0 ? config.embeddingWidth() : width;
      layers.add(
          config.cell(
              new RecurrentLayer(config.kind(), i, inputs, width, false, config.truncation())));
    }
    this.head =
        config.tiedHead()
            ? new Linear(
                tokenEmbedding.table(),
                new Parameter("lm_head.bias", new Initializer.Constant(0), vocabulary))
            : new Linear(
                "lm_head", width, vocabulary, new Initializer.Uniform(1 / Math.sqrt(width)));
    this.layout = new ParameterLayout(this);
  }

  public RecurrentConfig config() {
    return config;
  }

  /** The recurrent layers, lowest first. */
  List<Recurrence> layers() {
    return List.copyOf(layers);
  }

  @Override
  public ParameterLayout layout() {
    return layout;
  }

  @Override
  public List<Module> children() {
    List<Module> all = new ArrayList<>();
    all.add(tokenEmbedding);
    all.add(dropout);
    all.addAll(layers);
    all.add(head);
    all.add(crossEntropy);
    return all;
  }

  @Override
  public Variable hidden(Tape tape, Ids inputs) {
    Variable x = dropout.forward(tape, tape.apply(tokenEmbedding, inputs));
    for (Recurrence layer : layers) {
      x = dropout.forward(tape, tape.apply(layer, x));
    }
    return x;
  }

  @Override
  public Variable head(Tape tape, Variable hidden) {
    return tape.apply(head, hidden);
  }

  /** Scores [B, T, V] of the token that follows each position of {@code inputs}. */
  public Variable logits(Tape tape, Ids inputs) {
    return head(tape, hidden(tape, inputs));
  }

  @Override
  public Variable loss(Tape tape, Ids inputs, Ids targets) {
    return tape.apply(crossEntropy, targets, logits(tape, inputs));
  }

  @Override
  public LanguageModel open(
      ParameterVector parameters, Vocabulary vocabulary, KernelChoice kernels) {
    return new RecurrentLanguageModel(this, parameters, vocabulary, kernels);
  }
}
