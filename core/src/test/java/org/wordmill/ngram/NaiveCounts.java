package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Raw counts over maps of lists of strings, for formulas that are read off the page. */
final class NaiveCounts {
  final int order;
  final Set<String> vocabulary = new TreeSet<>(List.of("<unk>", "</s>"));
  private final KneserNeyOptions options;
  private final Map<List<String>, Long> raw = new HashMap<>();

  NaiveCounts(List<List<String>> sentences, KneserNeyOptions options) {
    this.options = options;
    order = options.order();
    for (List<String> words : sentences) {
      List<String> sentence = new ArrayList<>(words);
      sentence.add(0, "<s>");
      sentence.add("</s>");
      for (int from = 0; from < sentence.size(); from++) {
        for (int to = from + 1; to <= Math.min(sentence.size(), from + order); to++) {
          raw.merge(List.copyOf(sentence.subList(from, to)), 1L, Long::sum);
        }
      }
    }
    raw.remove(List.of("<s>"));
    for (List<String> ngram : raw.keySet()) {
      if (ngram.size() == 1 && !isPruned(ngram)) {
        vocabulary.add(ngram.get(0));
      }
    }
  }

  long count(List<String> history, String word) {
    return raw.getOrDefault(ngram(history, word), 0L);
  }

  /** The count, or 0 where the n-gram is pruned. */
  long kept(List<String> history, String word) {
    return isPruned(ngram(history, word)) ? 0 : count(history, word);
  }

  boolean isPruned(List<String> ngram) {
    boolean reserved = ngram.size() == 1 && Set.of("<s>", "</s>", "<unk>").contains(ngram.get(0));
    return !reserved && raw.getOrDefault(ngram, 0L) <= options.threshold(ngram.size());
  }

  /** Whether a history that the text has is no context of the model. */
  boolean isPrunedContext(List<String> history) {
    return !history.equals(List.of("<s>")) && isPruned(history);
  }

  /** The n-grams that begin with a history and have one more word, with their counts. */
  Map<List<String>, Long> after(List<String> history) {
    Map<List<String>, Long> found = new HashMap<>();
    raw.forEach(
        (ngram, count) -> {
          int words = ngram.size() - 1;
          if (words == history.size() && ngram.subList(0, words).equals(history)) {
            found.put(ngram, count);
          }
        });
    return found;
  }

  /** n_j: how many n-grams of an order have a count. */
  long countsOfCount(int ofOrder, long count) {
    return raw.entrySet().stream()
        .filter(e -> e.getKey().size() == ofOrder && e.getValue() == count)
        .count();
  }

  /** The end of a history that a model of this order sees. */
  List<String> context(List<String> history) {
    return history.subList(Math.max(0, history.size() - order + 1), history.size());
  }

  private static List<String> ngram(List<String> history, String word) {
    List<String> ngram = new ArrayList<>(history);
    ngram.add(word);
    return ngram;
  }
}
