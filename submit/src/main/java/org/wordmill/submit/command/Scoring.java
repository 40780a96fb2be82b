package org.wordmill.submit.command;

import java.io.InputStream;
import java.util.List;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.lm.StreamScorer;
import org.wordmill.text.TextPolicy;

/** Scores text on this machine under any model. */
final class Scoring {
  private Scoring() {}

  /** The score of all files together. */
  static Perplexity score(OpenModel model, List<String> paths, TextPolicy policy) {
    return score(model, paths, policy, CorpusScorer.SILENT, StreamScorer.SILENT);
  }

  /**
   * The score of all files together.
   *
   * @param words hears of every token, if the model is one of sentences
   * @param stream hears of every token, if it is none
   */
  static Perplexity score(
      OpenModel model,
      List<String> paths,
      TextPolicy policy,
      CorpusScorer.Listener words,
      StreamScorer.Listener stream) {
    if (!model.ofSentences()) {
      String text = Texts.read(paths, policy);
      return StreamScorer.score(
          model.model(),
          model.tokenizer().encode(text),
          text.codePointCount(0, text.length()),
          stream);
    }
    CorpusScorer scorer =
        new CorpusScorer(model.model(), policy, Spelling.of(model.model().vocabulary()));
    Perplexity[] sum = {Perplexity.NONE};
    Texts.forEachFile(
        paths,
        (InputStream in, String file) -> sum[0] = sum[0].plus(scorer.score(in, file, words)));
    return sum[0];
  }
}
