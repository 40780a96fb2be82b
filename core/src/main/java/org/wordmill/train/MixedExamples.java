package org.wordmill.train;

import java.util.List;

/**
 * Windows of T tokens of several texts, none of which lies in two of them, in the shares of a
 * {@link MixPlan}. As what a model is evaluated on, the texts are one, the mix does not count.
 */
final class MixedExamples implements Examples {
  private final List<Tokens> sources;
  private final MixPlan plan;
  private final int contextLength;
  private final WindowExamples together;

  /**
   * @param sources as the plan has them
   */
  MixedExamples(List<Tokens> sources, MixPlan plan, TrainingConfig config) {
    this.sources = List.copyOf(sources);
    this.plan = plan;
    this.contextLength = config.model().contextLength();
    this.together =
        new WindowExamples(
            new TokenChain(sources), contextLength, config.batching().sequences(), config.seed());
  }

  @Override
  public long perEpoch() {
    return plan.windows();
  }

  @Override
  public Batch training(long step, int first, int size) {
    Windows windows = new Windows(size, contextLength);
    for (int i = 0; i < size; i++) {
      MixPlan.Draw draw = plan.at(step, first + i);
      windows.put(sources.get(draw.source()), draw.start(), i);
    }
    return new Batch(windows.inputs(), windows.targets());
  }

  @Override
  public long evaluated() {
    return together.evaluated();
  }

  @Override
  public Batch evaluation(long first, int size) {
    return together.evaluation(first, size);
  }
}
