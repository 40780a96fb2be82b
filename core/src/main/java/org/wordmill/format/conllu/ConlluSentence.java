package org.wordmill.format.conllu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.wordmill.text.TaggedSentence;

/**
 * A sentence of a CoNLL-U file: comments, and lines of words, ranges and empty nodes, all as they
 * stand in the file, so that what is read and written again is the same to the byte.
 *
 * @param comments the lines in front, each with its {@code #}
 * @param lines at least one word
 */
public record ConlluSentence(List<String> comments, List<ConlluLine> lines) {

  public ConlluSentence {
    comments = List.copyOf(comments);
    lines = List.copyOf(lines);
  }

  /** A sentence of words whose other fields are unspecified. */
  public static ConlluSentence of(List<String> comments, TaggedSentence sentence) {
    List<ConlluLine> lines = new ArrayList<>();
    for (int i = 0; i < sentence.size(); i++) {
      lines.add(ConlluLine.word(i + 1, sentence.words().get(i), sentence.tags().get(i)));
    }
    return new ConlluSentence(comments, lines);
  }

  /** The words with their parts of speech; ranges and empty nodes are none. */
  public TaggedSentence tagged() {
    List<ConlluLine> words = lines.stream().filter(ConlluLine::isWord).toList();
    return new TaggedSentence(
        words.stream().map(ConlluLine::form).toList(),
        words.stream().map(ConlluLine::upos).toList());
  }

  /**
   * The same sentence with other parts of speech.
   *
   * @param tags one for each word
   */
  public ConlluSentence withTags(List<String> tags) {
    Iterator<String> next = tags.iterator();
    List<ConlluLine> changed = new ArrayList<>();
    for (ConlluLine line : lines) {
      changed.add(line.isWord() ? line.withUpos(next.next()) : line);
    }
    if (next.hasNext()) {
      throw new IllegalArgumentException(tags.size() + " tags for fewer words");
    }
    return new ConlluSentence(comments, changed);
  }

  /** Writes the sentence and the blank line behind it, with line feeds on every system. */
  public void write(Appendable out) throws IOException {
    for (String comment : comments) {
      out.append(comment).append('\n');
    }
    for (ConlluLine line : lines) {
      out.append(line.toString()).append('\n');
    }
    out.append('\n');
  }
}
