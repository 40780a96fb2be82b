package org.wordmill.train;

/**
 * Windows of T tokens, whose targets are the same one token later. For training they are those of a
 * {@link BatchPlan}; for evaluation they lie side by side, every token but the first being a target
 * once.
 */
final class WindowExamples implements Examples {
  private final Tokens corpus;
  private final int contextLength;
  private final int sequences;
  private final long seed;

  WindowExamples(Tokens corpus, int contextLength, int sequences, long seed) {
    this.corpus = corpus;
    this.contextLength = contextLength;
    this.sequences = sequences;
    this.seed = seed;
  }

  /** Made when it is asked for, because a corpus may be long enough to evaluate and no more. */
  private BatchPlan plan() {
    return new BatchPlan(corpus.size(), contextLength, sequences, seed);
  }

  @Override
  public long perEpoch() {
    return plan().windowsPerEpoch();
  }

  @Override
  public Batch training(long step, int first, int size) {
    BatchPlan plan = plan();
    Windows windows = new Windows(size, contextLength);
    for (int i = 0; i < size; i++) {
      windows.put(corpus, plan.start(step, first + i), i);
    }
    return new Batch(windows.inputs(), windows.targets());
  }

  @Override
  public long evaluated() {
    return Math.max(0, corpus.size() - 1 + contextLength - 1) / contextLength;
  }

  @Override
  public Batch evaluation(long first, int size) {
    Windows windows = new Windows(size, contextLength);
    long end = Math.min(first + size, evaluated());
    for (long i = first; i < end; i++) {
      windows.put(corpus, i * contextLength, (int) (i - first));
    }
    return new Batch(windows.inputs(), windows.targets());
  }
}
