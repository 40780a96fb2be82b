package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wordmill.lm.Explainable;
import org.wordmill.lm.Explanation;
import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Vocabulary;

/**
 * The n-gram model without smoothing: p(w|h) = c(hw)/c(h.), where h is the last N-1 words, fewer at
 * the beginning of a sentence. What was never seen after h has probability 0, so the perplexity of
 * most unseen text is infinite; that is the point of every other smoothing.
 *
 * <p>{@code <s>} is never predicted. Immutable and safe for use by many threads.
 */
public final class MaximumLikelihood implements LanguageModel, Explainable {
  private final NgramCounts counts;
  private final NgramChildren[] children;

  public MaximumLikelihood(NgramCounts counts) {
    this.counts = counts;
    NgramLevel[] levels = counts.levels();
    children = new NgramChildren[levels.length];
    Arrays.setAll(children, i -> levels[i].children(counts.size(i + 1)));
  }

  @Override
  public Vocabulary vocabulary() {
    return counts.vocabulary();
  }

  @Override
  public State start() {
    return advance(NgramContext.empty(), vocabulary().begin());
  }

  @Override
  public State advance(State state, int token) {
    return ((NgramContext) state).advance(counts.levels(), token);
  }

  @Override
  public double logProbability(State state, int token) {
    NgramContext context = (NgramContext) state;
    int length = context.length();
    if (token == vocabulary().begin()) {
      return Double.NEGATIVE_INFINITY;
    }
    if (length == 0) {
      return Math.log((double) counts.countAt(1, token) / counts.tokens());
    }
    int history = context.entry(length);
    int index =
        history == NgramLevel.NONE
            ? NgramLevel.NONE
            : counts.levels()[length - 1].find(history, token);
    return index == NgramLevel.NONE
        ? Double.NEGATIVE_INFINITY
        : Math.log((double) counts.countAt(length + 1, index) / counts.countAt(length, history));
  }

  @Override
  public Explanation explain(int[] history, int token) {
    int length = Math.min(history.length, counts.order() - 1);
    int[] h = Arrays.copyOfRange(history, history.length - length, history.length);
    int[] hw = Arrays.copyOf(h, length + 1);
    hw[length] = token;
    List<String> words = Arrays.stream(h).mapToObj(vocabulary()::token).toList();
    String last = vocabulary().token(token);
    String context = String.join(" ", words);
    long seen = token == vocabulary().begin() ? 0 : counts.count(hw);
    long total = length == 0 ? counts.tokens() : counts.count(h);
    List<Explanation.Step> steps = new ArrayList<>();
    steps.add(
        new Explanation.Step(
            "c(hw): how often the text has '" + (context + " " + last).strip() + "'", "", seen));
    steps.add(
        new Explanation.Step(
            length == 0
                ? "c(.): words and sentence ends of the text"
                : "c(h.): how often it has '" + context + "' before a word or the end",
            "",
            total));
    double p = total == 0 ? 0 : (double) seen / total;
    steps.add(new Explanation.Step("p(w|h) = c(hw) / c(h.)", seen + " / " + total, p));
    return new Explanation(Explanation.event(last, words), steps, Math.log(p));
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    NgramContext context = (NgramContext) state;
    int length = context.length();
    if (length == 0) {
      for (int token = 0; token < vocabulary().size(); token++) {
        out[token] = (float) logProbability(state, token);
      }
      return;
    }
    Arrays.fill(out, 0, vocabulary().size(), Float.NEGATIVE_INFINITY);
    int history = context.entry(length);
    if (history == NgramLevel.NONE) {
      return;
    }
    NgramChildren successors = children[length - 1];
    for (int i = successors.begin(history); i < successors.end(history); i++) {
      int index = successors.entry(i);
      out[counts.levels()[length - 1].word(index)] =
          (float)
              Math.log(
                  (double) counts.countAt(length + 1, index) / counts.countAt(length, history));
    }
  }
}
