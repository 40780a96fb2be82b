package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Interpolated modified Kneser-Ney word for word from the formulas, over maps of lists of strings:
 * slow, for small texts, written without a look at the estimator that it checks.
 */
final class NaiveKneserNey {
  private final int order;
  private final KneserNeyOptions options;
  private final Map<List<String>, Long> raw = new HashMap<>();
  private final Map<List<String>, Long> adjusted = new HashMap<>();
  private final List<Discounts> discounts = new ArrayList<>();
  final Set<String> vocabulary = new TreeSet<>(List.of("<unk>", "</s>"));

  NaiveKneserNey(List<List<String>> sentences, KneserNeyOptions options) {
    this.options = options;
    order = options.order();
    Map<List<String>, Set<String>> left = new HashMap<>();
    for (List<String> words : sentences) {
      List<String> sentence = new ArrayList<>(words);
      sentence.add(0, "<s>");
      sentence.add("</s>");
      for (int from = 0; from < sentence.size(); from++) {
        for (int to = from + 1; to <= Math.min(sentence.size(), from + order); to++) {
          List<String> ngram = List.copyOf(sentence.subList(from, to));
          raw.merge(ngram, 1L, Long::sum);
          if (from > 0) {
            left.computeIfAbsent(ngram, n -> new HashSet<>()).add(sentence.get(from - 1));
          }
        }
      }
    }
    for (Map.Entry<List<String>, Long> e : raw.entrySet()) {
      List<String> ngram = e.getKey();
      boolean isRaw = ngram.size() == order || ngram.get(0).equals("<s>");
      adjusted.put(
          ngram, isRaw ? e.getValue() : Long.valueOf(left.getOrDefault(ngram, Set.of()).size()));
    }
    adjusted.put(List.of("<s>"), 0L);
    for (List<String> ngram : raw.keySet()) {
      if (ngram.size() == 1 && !ngram.get(0).equals("<s>") && !isPruned(ngram)) {
        vocabulary.add(ngram.get(0));
      }
    }
    for (int k = 1; k <= order; k++) {
      long[] n = new long[5];
      for (Map.Entry<List<String>, Long> e : adjusted.entrySet()) {
        if (e.getKey().size() == k && e.getValue() >= 1 && e.getValue() <= 4) {
          n[e.getValue().intValue()]++;
        }
      }
      discounts.add(Discounts.fromCountsOfCounts(k, n, options.fallback()));
    }
  }

  Set<List<String>> ngrams() {
    return raw.keySet();
  }

  boolean isPruned(List<String> ngram) {
    boolean reserved = ngram.size() == 1 && Set.of("<s>", "</s>", "<unk>").contains(ngram.get(0));
    return !reserved && raw.getOrDefault(ngram, 0L) <= options.threshold(ngram.size());
  }

  /** p(word | context), where context may be anything. */
  double probability(List<String> context, String word) {
    if (context.size() >= order) {
      return probability(context.subList(context.size() - order + 1, context.size()), word);
    }
    Discounts d = discounts.get(context.size());
    double total = 0;
    double mass = 0;
    for (Map.Entry<List<String>, Long> e : adjusted.entrySet()) {
      List<String> ngram = e.getKey();
      if (ngram.size() == context.size() + 1 && ngram.subList(0, context.size()).equals(context)) {
        total += e.getValue();
        mass += isPruned(ngram) ? e.getValue() : d.of(e.getValue());
      }
    }
    if (total == 0) {
      return probability(context.subList(1, context.size()), word);
    }
    List<String> ngram = new ArrayList<>(context);
    ngram.add(word);
    long count = adjusted.getOrDefault(ngram, 0L);
    double own = isPruned(ngram) ? 0 : Math.max(0, count - d.of(count)) / total;
    if (!context.isEmpty()) {
      return own + mass / total * probability(context.subList(1, context.size()), word);
    }
    if (options.interpolateUnigrams()) {
      return own + mass / total / vocabulary.size();
    }
    return word.equals("<unk>") ? mass / total : own;
  }
}
