package org.wordmill.format.arpa;

import org.jspecify.annotations.Nullable;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;

/** Makes a model in memory of an ARPA file. */
final class ModelSink implements ArpaSink {
  private BackoffModel.@Nullable Builder builder;

  @Override
  public void unigrams(
      int order,
      WordIds words,
      Vocabulary vocabulary,
      float[] log10Probabilities,
      float[] log10Backoffs) {
    BackoffModel.Builder unigrams = new BackoffModel.Builder(order, vocabulary);
    for (int id = 0; id < log10Probabilities.length; id++) {
      unigrams.add(new int[] {id}, 1, log10Probabilities[id], log10Backoffs[id]);
    }
    builder = unigrams;
  }

  @Override
  public void beginOrder(int order, long count) {
    builder().expect(order, count);
  }

  @Override
  public @Nullable Refusal add(ArpaBatch batch) {
    int[] ngram = new int[batch.order()];
    for (int i = 0; i < batch.size(); i++) {
      batch.words(i, ngram);
      int outcome =
          builder().add(ngram, ngram.length, batch.log10Probability(i), batch.log10Backoff(i));
      if (outcome == BackoffModel.Builder.MISSING_CONTEXT) {
        return new Refusal(i, Fault.MISSING_CONTEXT);
      }
      if (outcome == BackoffModel.Builder.DUPLICATE) {
        return new Refusal(i, Fault.DUPLICATE);
      }
    }
    return null;
  }

  @Override
  public void endOrder(int order) {
    // The builder needs no end of an order.
  }

  BackoffModel model() {
    return builder().build();
  }

  private BackoffModel.Builder builder() {
    if (builder == null) {
      throw new IllegalStateException("the unigrams come first");
    }
    return builder;
  }
}
