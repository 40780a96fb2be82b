package org.wordmill.model;

import java.util.Arrays;
import java.util.List;
import org.wordmill.kernel.Ids;
import org.wordmill.module.Dropout;
import org.wordmill.module.Embedding;
import org.wordmill.module.Linear;
import org.wordmill.module.SoftmaxCrossEntropy;
import org.wordmill.module.recurrent.SequenceLengths;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;
import org.wordmill.text.TaggedWords;

/**
 * A tagger: word embeddings, a network that makes a vector for each word out of its sentence, and a
 * head that scores the tags of each word by its vector.
 *
 * <pre>
 * h_1 .. h_n = network(table[w_1] .. table[w_n])     p(tag_t | w_1 .. w_n) = softmax(V h_t + c)
 * J = sum_t -log p(tag_t | w_1 .. w_n)
 * </pre>
 *
 * Sentences of a batch have the same number of positions; what they leave free is filled with
 * {@link TaggedWords#END}, has no targets, and changes nothing of the sentence's scores. The
 * embedding starts uniform within 0.1, the rest within 1 / sqrt(H).
 *
 * <p>Source: lecture, tagging as supervised sequence data: RNN, bidirectional RNN, windows; Wang et
 * al., Part-of-speech tagging with bidirectional long short-term memory recurrent neural network,
 * 2015.
 */
public final class Tagger extends Module implements TrainableModel {
  private static final double EMBEDDING_LIMIT = 0.1;

  private final TaggerConfig config;
  private final Embedding wordEmbedding;
  private final Dropout dropout;
  private final SentenceNetwork network;
  private final Linear head;
  private final SoftmaxCrossEntropy crossEntropy = new SoftmaxCrossEntropy(true);
  private final ParameterLayout layout;

  public Tagger(TaggerConfig config) {
    this.config = config;
    this.wordEmbedding =
        new Embedding(
            "wte",
            config.vocabularySize(),
            config.embeddingWidth(),
            new Initializer.Uniform(EMBEDDING_LIMIT));
    this.dropout = new Dropout(config.dropout());
    this.network = config.network();
    this.head =
        new Linear(
            "tags",
            network.width(),
            config.tags(),
            new Initializer.Uniform(1 / Math.sqrt(network.width())));
    this.layout = new ParameterLayout(this);
  }

  public TaggerConfig config() {
    return config;
  }

  @Override
  public ParameterLayout layout() {
    return layout;
  }

  @Override
  public List<Module> children() {
    return List.of(wordEmbedding, dropout, network, head, crossEntropy);
  }

  /** Scores [B, T, K] of the tags of each word of {@code words} [B, T]. */
  public Variable scores(Tape tape, Ids words) {
    Variable x = tape.apply(wordEmbedding, widened(words, network.margin()));
    SequenceLengths lengths = SequenceLengths.of(words, TaggedWords.END);
    Variable h = network.forward(tape, dropout.forward(tape, x), lengths);
    return tape.apply(head, h);
  }

  @Override
  public Variable loss(Tape tape, Ids words, Ids tags) {
    return tape.apply(crossEntropy, tags, scores(tape, words));
  }

  /** The sentences with {@code margin} positions of filling more on either side. */
  private static Ids widened(Ids words, int margin) {
    if (margin == 0) {
      return words;
    }
    int time = words.time() + 2 * margin;
    int[] wide = new int[words.batch() * time];
    Arrays.fill(wide, TaggedWords.END);
    for (int b = 0; b < words.batch(); b++) {
      System.arraycopy(words.values(), b * words.time(), wide, b * time + margin, words.time());
    }
    return new Ids(wide, words.batch(), time);
  }
}
