package org.wordmill.train;

import java.util.List;
import org.wordmill.kernel.Ids;
import org.wordmill.model.TaggerConfig;

/**
 * A corpus, or a mix of several, as what a model learns from, and is evaluated on: windows of text
 * whose targets are the next tokens, or sentences whose targets are tags. Every example is a pure
 * function of its number, so any part of any batch can be made at any time, by any task. For use by
 * many threads.
 */
public interface Examples {

  /** What one pass of the tape is given: inputs [B, T], and a target for each, or none. */
  record Batch(Ids inputs, Ids targets) {}

  /**
   * The examples that a configuration's model learns from.
   *
   * @param sources the texts of the configuration's mix; without one, a single corpus
   * @throws org.wordmill.error.WordmillException BAD_INPUT when a source of a mix is too short
   */
  static Examples training(TrainingConfig config, List<Tokens> sources) {
    Examples all =
        MixPlan.of(config, sources.stream().map(Tokens::size).toList())
            .<Examples>map(plan -> new MixedExamples(sources, plan, config))
            .orElseGet(() -> of(config, sources.get(0)));
    return config.oneBatch() ? new OneBatch(all) : all;
  }

  /** The examples of one corpus, to learn from or to be evaluated on. */
  static Examples of(TrainingConfig config, Tokens corpus) {
    return config.model() instanceof TaggerConfig tagger
        ? new SentenceExamples(corpus, tagger, config.batching().sequences(), config.seed())
        : new WindowExamples(
            corpus, config.model().contextLength(), config.batching().sequences(), config.seed());
  }

  /**
   * Examples of one epoch of training, for a corpus that need not be there.
   *
   * @param tokens the size of the corpus
   * @param sentences in it, where its tokens are those of tagged sentences
   * @throws org.wordmill.error.WordmillException BAD_INPUT when there is too little to learn from
   */
  static long perEpoch(TrainingConfig config, long tokens, long sentences) {
    return config.model() instanceof TaggerConfig
        ? SentenceExamples.require(sentences)
        : new BatchPlan(
                tokens,
                config.model().contextLength(),
                config.batching().sequences(),
                config.seed())
            .windowsPerEpoch();
  }

  /**
   * Examples of one epoch of training.
   *
   * @throws org.wordmill.error.WordmillException BAD_INPUT when there is too little to learn from
   */
  long perEpoch();

  /**
   * Some of the examples of one step's batch.
   *
   * @param step counted from 0
   * @param first the place of the first in the batch
   * @param size how many
   */
  Batch training(long step, int first, int size);

  /** Examples to evaluate, all together. */
  long evaluated();

  /**
   * Examples to evaluate; where there are no more of them, rows of the batch without targets.
   *
   * @param first the number of the first
   * @param size rows of the batch
   */
  Batch evaluation(long first, int size);
}
