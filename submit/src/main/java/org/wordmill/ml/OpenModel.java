package org.wordmill.ml;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import org.wordmill.checkpoint.SavedModel;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.LanguageModel;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.WhitespaceWords;

/**
 * A model that is open in this process, and the scorers that wait for a thread: there are never
 * more of them than threads that score at once.
 */
final class OpenModel {
  private final Supplier<Opened> opener;
  private final Deque<TextScorer> free = new ConcurrentLinkedDeque<>();

  private record Opened(LanguageModel model, Tokenizer tokenizer) {}

  private OpenModel(Supplier<Opened> opener) {
    this.opener = opener;
  }

  /** All threads share the mapped file. */
  static OpenModel of(NgramModel mapped) {
    Opened opened = new Opened(mapped, new WhitespaceWords(mapped.vocabulary()));
    return new OpenModel(() -> opened);
  }

  /** All threads share the parameters; each has its own memory for what it computes. */
  static OpenModel of(SavedModel saved) {
    return new OpenModel(
        () -> {
          TrainedModel trained = saved.languageModel(KernelChoice.AUTO);
          return new Opened(trained.model(), trained.tokenizer());
        });
  }

  /** A scorer for this thread, until it is given back. */
  TextScorer take(TextPolicy policy) {
    TextScorer scorer = free.pollFirst();
    if (scorer != null && scorer.policy().equals(policy)) {
      return scorer;
    }
    Opened opened = opener.get();
    return TextScorer.of(opened.model(), opened.tokenizer(), policy);
  }

  void give(TextScorer scorer) {
    free.addFirst(scorer);
  }
}
