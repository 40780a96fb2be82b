package org.wordmill.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How often each word has each tag in a text: what a {@link TaggedWords} is made of. Counts of
 * parts of a text add up. Not thread-safe.
 */
public final class TagCounts {
  private final Map<String, Map<String, Long>> counts = new HashMap<>();

  /** Hears of what was counted: word, tag ({@link TaggedSentence#UNTAGGED} too) and how often. */
  public interface Entry {
    void count(String word, String tag, long count);
  }

  /** Counts the words of a sentence. */
  public void add(TaggedSentence sentence) {
    for (int i = 0; i < sentence.size(); i++) {
      add(sentence.words().get(i), sentence.tags().get(i), 1);
    }
  }

  /** Counts a word with a tag. */
  public void add(String word, String tag, long count) {
    counts.computeIfAbsent(word, w -> new HashMap<>(2)).merge(tag, count, Long::sum);
  }

  /** Tells all counts, in no order. */
  public void forEach(Entry entry) {
    counts.forEach((word, tags) -> tags.forEach((tag, count) -> entry.count(word, tag, count)));
  }

  /** Whether no word has a tag. */
  public boolean isUntagged() {
    return total(counts.keySet()).isEmpty();
  }

  /**
   * The words and tags with their ids: the words by falling frequency, equal ones by their code
   * units; the tags by their code units.
   *
   * @param minimumCount rarer words are {@code <unk>} to a model
   */
  public TaggedWords words(long minimumCount) {
    Map<String, Long> frequency = new LinkedHashMap<>();
    counts.entrySet().stream()
        .filter(entry -> !TaggedWords.isReserved(entry.getKey()))
        .map(entry -> Map.entry(entry.getKey(), sum(entry.getValue())))
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Long> e) -> -e.getValue())
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> frequency.put(entry.getKey(), entry.getValue()));
    List<String> kept = new ArrayList<>(List.of(Vocabulary.UNKNOWN, Vocabulary.END));
    List<String> rare = new ArrayList<>();
    frequency.forEach((word, count) -> (count >= minimumCount ? kept : rare).add(word));
    Map<String, Long> all = total(counts.keySet());
    String ofAll = usual(all, "");
    String ofRare = usual(total(rare), ofAll);
    List<String> usual = new ArrayList<>();
    for (List<String> some : List.of(kept, rare)) {
      for (String word : some) {
        usual.add(
            TaggedWords.isReserved(word)
                ? ofRare
                : usual(counts.getOrDefault(word, Map.of()), ofRare));
      }
    }
    return new TaggedWords(
        new Vocabulary(kept),
        rare,
        new Vocabulary(new ArrayList<>(new TreeSet<>(all.keySet()))),
        usual);
  }

  private static long sum(Map<String, Long> tags) {
    return tags.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How often each tag occurs with some words. */
  private Map<String, Long> total(Iterable<String> words) {
    Map<String, Long> total = new TreeMap<>();
    for (String word : words) {
      counts
          .getOrDefault(word, Map.of())
          .forEach((tag, count) -> total.merge(tag, count, Long::sum));
    }
    total.remove(TaggedSentence.UNTAGGED);
    return total;
  }

  /** The most frequent tag, of equally frequent ones the first. */
  private static String usual(Map<String, Long> tags, String otherwise) {
    return tags.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(TaggedSentence.UNTAGGED))
        .min(
            Comparator.comparingLong((Map.Entry<String, Long> e) -> -e.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(otherwise);
  }
}
