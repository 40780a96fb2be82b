package org.wordmill.submit.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.conllu.ConlluReader;
import org.wordmill.format.conllu.ConlluSentence;
import org.wordmill.model.TaggingAccuracy;
import org.wordmill.model.TrainedTagger;
import org.wordmill.text.LineReader;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.WordScanner;

/**
 * Sentences on their way through a tagger: read, tagged some hundred at a time, written as CoNLL-U,
 * and compared with the tags that they had.
 */
final class Tagging {
  private static final int AT_ONCE = 512;

  private final TrainedTagger tagger;
  private final Appendable out;
  private final List<ConlluSentence> waiting = new ArrayList<>();
  private TaggingAccuracy accuracy = TaggingAccuracy.NONE;
  private long sentences;
  private long words;

  /**
   * @param out where the sentences go
   */
  Tagging(TrainedTagger tagger, Appendable out) {
    this.tagger = tagger;
    this.out = out;
  }

  /** Compared with the tags that the sentences had. */
  TaggingAccuracy accuracy() {
    return accuracy;
  }

  long sentences() {
    return sentences;
  }

  long words() {
    return words;
  }

  /** Tags all sentences of all files. */
  void files(List<String> paths, TagCommand.Format format, TextPolicy policy) {
    Texts.forEachFile(
        paths,
        (in, file) -> {
          if (isConllu(file, format)) {
            conllu(in, file, policy);
          } else {
            text(in, file, policy);
          }
          flush();
        });
  }

  private static boolean isConllu(String file, TagCommand.Format format) {
    String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst)$", "");
    return format == TagCommand.Format.CONLLU
        || (format == TagCommand.Format.AUTO && name.endsWith(".conllu"));
  }

  private void conllu(InputStream in, String file, TextPolicy policy) throws IOException {
    ConlluReader reader = new ConlluReader(in, file, policy);
    for (Optional<ConlluSentence> next = reader.next(); next.isPresent(); next = reader.next()) {
      add(next.get());
    }
  }

  /** One sentence a line; lines without a word are none. */
  private void text(InputStream in, String file, TextPolicy policy) throws IOException {
    LineReader lines = new LineReader(in, file, policy);
    WordScanner scanner = new WordScanner(policy);
    while (lines.next()) {
      int count =
          scanner.scan(
              lines.bytes(), lines.start(), lines.end() - lines.start(), file, lines.position());
      if (count < 1) {
        continue;
      }
      List<String> found = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        found.add(scanner.word(i));
      }
      String comment = "# text = " + String.join(" ", found);
      add(ConlluSentence.of(List.of(comment), TaggedSentence.untagged(found)));
    }
  }

  private void add(ConlluSentence sentence) {
    waiting.add(sentence);
    if (waiting.size() == AT_ONCE) {
      flush();
    }
  }

  private void flush() {
    List<TaggedSentence> before = waiting.stream().map(ConlluSentence::tagged).toList();
    List<List<String>> tags = tagger.tag(before.stream().map(TaggedSentence::words).toList());
    for (int i = 0; i < waiting.size(); i++) {
      write(waiting.get(i).withTags(tags.get(i)));
      accuracy = accuracy.plus(TaggingAccuracy.of(tagger.words(), before.get(i), tags.get(i)));
      sentences++;
      words += before.get(i).size();
    }
    waiting.clear();
  }

  /** What cannot be written is not the fault of the file that is being read. */
  private void write(ConlluSentence sentence) {
    try {
      sentence.write(out);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "the output cannot be written: " + e, "", "free or choose a place", e);
    }
  }
}
