package org.wordmill.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The words and the tags of a tagger, with their ids; and for every word of the training text the
 * tag that it usually had there, which is what a tagger must beat.
 *
 * <p>Words that were rare in the training text are {@code <unk>} to the tagger, so that it learns
 * what to do with words that it has never seen; they are remembered nevertheless. A tagged sentence
 * as ids is word, tag, word, tag, and so on, and the id of {@code </s>} behind the last; tags count
 * on from the words, and after the last tag comes the id that says that a word has none.
 */
public final class TaggedWords implements Tokenizer {
  /** The id of {@code <unk>}. */
  public static final int UNKNOWN = 0;

  /** The id of {@code </s>}, which fills what a sentence leaves free, and is never a word. */
  public static final int END = 1;

  private final Vocabulary words;
  private final List<String> rare;
  private final Vocabulary tags;
  private final Map<String, String> usual = new HashMap<>();

  /**
   * @param words {@code <unk>}, {@code </s>}, then those that the tagger knows
   * @param rare words that occurred, too
   * @param tags at least one
   * @param usual the usual tags of {@code words} and then of {@code rare}
   * @throws IllegalArgumentException when these do not belong together
   */
  public TaggedWords(Vocabulary words, List<String> rare, Vocabulary tags, List<String> usual) {
    if (words.size() < 2 || words.unknown() != UNKNOWN || words.end() != END) {
      throw new IllegalArgumentException("the words do not begin with <unk> and </s>");
    }
    if (tags.size() < 1 || tags.contains(TaggedSentence.UNTAGGED)) {
      throw new IllegalArgumentException("the tags are " + tags.tokens());
    }
    List<String> all = new ArrayList<>(words.tokens());
    all.addAll(rare);
    if (usual.size() != all.size()) {
      throw new IllegalArgumentException(
          "%d usual tags for %d words".formatted(usual.size(), all.size()));
    }
    for (int i = 0; i < all.size(); i++) {
      if (!tags.contains(usual.get(i))) {
        throw new IllegalArgumentException("'" + usual.get(i) + "' is not one of the tags");
      }
      if (this.usual.put(all.get(i), usual.get(i)) != null) {
        throw new IllegalArgumentException("the word '" + all.get(i) + "' occurs twice");
      }
    }
    this.words = words;
    this.rare = List.copyOf(rare);
    this.tags = tags;
  }

  /** Whether a word of a text is spelled like a token that is none. */
  static boolean isReserved(String word) {
    return word.equals(Vocabulary.UNKNOWN) || word.equals(Vocabulary.END);
  }

  /** The words that the tagger knows. */
  @Override
  public Vocabulary vocabulary() {
    return words;
  }

  public Vocabulary tags() {
    return tags;
  }

  /** Words of the training text that are {@code <unk>} to the tagger. */
  public List<String> rare() {
    return rare;
  }

  /** Whether the training text had this word. */
  public boolean isSeen(String word) {
    return !isReserved(word) && usual.containsKey(word);
  }

  /**
   * The most frequent tag of a word in the training text; of a word that it had not, the most
   * frequent tag of its rare words.
   */
  public String usualTag(String word) {
    return Objects.requireNonNull(
        usual.getOrDefault(word, usual.get(Vocabulary.UNKNOWN)), "<unk> has a usual tag");
  }

  /** The id of a word as the tagger knows it. */
  public int id(String word) {
    return isReserved(word) ? UNKNOWN : words.id(word);
  }

  /** How many ids sentences consist of: words, tags, and the one for none. */
  public int codes() {
    return words.size() + tags.size() + 1;
  }

  /** The ids of the words [from, to) of a sentence, with their tags and the end. */
  public int[] encode(TaggedSentence sentence, int from, int to) {
    int[] ids = new int[2 * (to - from) + 1];
    for (int i = from; i < to; i++) {
      String tag = sentence.tags().get(i);
      ids[2 * (i - from)] = id(sentence.words().get(i));
      ids[2 * (i - from) + 1] = words.size() + (tags.contains(tag) ? tags.id(tag) : tags.size());
    }
    ids[ids.length - 1] = END;
    return ids;
  }

  /** The ids of words with white space between them. */
  @Override
  public int[] encode(String text) {
    return new WhitespaceWords(words).encode(text);
  }

  @Override
  public String decode(int[] ids) {
    return String.join(" ", Arrays.stream(ids).mapToObj(words::token).toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaggedWords that
        && words.tokens().equals(that.words.tokens())
        && rare.equals(that.rare)
        && tags.tokens().equals(that.tags.tokens())
        && usual.equals(that.usual);
  }

  @Override
  public int hashCode() {
    return Objects.hash(words.tokens(), rare, tags.tokens());
  }
}
