package org.wordmill.train;

/**
 * The first batch of other examples, in every step: a model that cannot learn this by heart has a
 * fault. Epochs are counted as those of all examples.
 */
record OneBatch(Examples examples) implements Examples {

  @Override
  public long perEpoch() {
    return examples.perEpoch();
  }

  @Override
  public Batch training(long step, int first, int size) {
    return examples.training(0, first, size);
  }

  @Override
  public long evaluated() {
    return examples.evaluated();
  }

  @Override
  public Batch evaluation(long first, int size) {
    return examples.evaluation(first, size);
  }
}
