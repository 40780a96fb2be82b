package org.wordmill.counter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.LineReader;
import org.wordmill.text.Vocabulary;

/**
 * The layout of the Web 1T 5-gram corpus (LDC2006T13), which other tools read too:
 *
 * <pre>
 *   1gms/vocab.gz       words and counts, sorted by the bytes of the words
 *   1gms/vocab_cs.gz    the same by falling count
 *   1gms/total          how many words the text has, without sentence boundaries
 *   3gms/3gm-0000.gz    n-grams and counts, sorted through all files of the order
 *   3gms/3gm.idx        the files of the order, each with its first n-gram
 * </pre>
 *
 * <p>The reserved words are in capitals: {@code <S>}, {@code </S>}, {@code <UNK>}.
 */
final class Web1T {
  private static final int MAX_LINE_BYTES = 1 << 20;
  private static final Map<String, String> CAPITALS =
      Map.of(Vocabulary.BEGIN, "<S>", Vocabulary.END, "</S>", Vocabulary.UNKNOWN, "<UNK>");
  private static final byte[][] OURS =
      CAPITALS.keySet().stream().map(Web1T::utf8).toArray(byte[][]::new);
  private static final byte[][] THEIRS =
      CAPITALS.keySet().stream()
          .map(word -> utf8(CAPITALS.getOrDefault(word, word)))
          .toArray(byte[][]::new);

  private Web1T() {}

  /** Puts our reserved word in place of theirs. */
  static void fromCapitals(CountReader gram, int word) {
    for (int i = 0; i < THEIRS.length; i++) {
      if (Arrays.equals(
          gram.bytes(), gram.start(word), gram.end(word), THEIRS[i], 0, THEIRS[i].length)) {
        gram.replace(word, OURS[i]);
      }
    }
  }

  /**
   * A vocabulary with their reserved words in place of ours.
   *
   * @throws WordmillException BAD_INPUT when the text has one of theirs as a word
   */
  static WordTable toCapitals(WordTable vocabulary) {
    WordTable capitals = new WordTable(vocabulary.size());
    for (int id = 0; id < vocabulary.size(); id++) {
      String reserved = id < Words.RESERVED ? CAPITALS.get(vocabulary.word(id)) : null;
      byte[] word =
          reserved != null
              ? utf8(reserved)
              : Arrays.copyOfRange(vocabulary.bytes(), vocabulary.start(id), vocabulary.end(id));
      if (capitals.find(word, 0, word.length) != WordTable.ABSENT) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "the text has the word '" + vocabulary.word(id) + "', which Web1T keeps for itself",
            "--format web1t",
            "choose another format");
      }
      capitals.count(capitals.add(word, 0, word.length), vocabulary.countOf(id));
    }
    return capitals;
  }

  /** Where a task's n-grams of an order go. */
  static Path part(Path directory, int order, int task) {
    return new Path(directory, String.format(Locale.ROOT, "%1$dgms/%1$dgm-%2$04d.gz", order, task));
  }

  /**
   * Writes what stands beside the n-grams that the tasks wrote.
   *
   * @param vocabulary with their reserved words
   * @param tokens words of the text
   * @return how many words were written
   */
  static long finish(
      FileSystem files, Path directory, WordTable vocabulary, CountOptions options, long tokens)
      throws IOException {
    WordRanks ranks = new WordRanks(vocabulary);
    List<Integer> sorted = new ArrayList<>();
    for (int rank = 0; rank < ranks.size(); rank++) {
      if (vocabulary.countOf(ranks.id(rank)) >= options.minCount(1)) {
        sorted.add(ranks.id(rank));
      }
    }
    Path words = new Path(directory, "1gms");
    writeWords(files, new Path(words, "vocab.gz"), vocabulary, sorted);
    List<Integer> byCount = new ArrayList<>(sorted);
    // Stable, so ties stay sorted by their bytes.
    byCount.sort(Comparator.comparingLong((Integer id) -> vocabulary.countOf(id)).reversed());
    writeWords(files, new Path(words, "vocab_cs.gz"), vocabulary, byCount);
    write(files, new Path(words, "total"), tokens + "\n");
    for (int order = 2; order <= options.order(); order++) {
      number(files, new Path(directory, order + "gms"), order);
    }
    return sorted.size();
  }

  private static void writeWords(
      FileSystem files, Path file, WordTable vocabulary, List<Integer> ids) throws IOException {
    try (OutputStream out = new GZIPOutputStream(files.create(file, true), 1 << 16)) {
      for (int id : ids) {
        int start = vocabulary.start(id);
        out.write(vocabulary.bytes(), start, vocabulary.end(id) - start);
        out.write(utf8("\t" + vocabulary.countOf(id) + "\n"));
      }
    }
  }

  /** Closes the gaps that empty tasks left in the numbers of the files, and lists the files. */
  private static void number(FileSystem files, Path directory, int order) throws IOException {
    if (!files.exists(directory)) {
      return;
    }
    FileStatus[] parts = files.listStatus(directory);
    Arrays.sort(parts, Comparator.comparing(FileStatus::getPath));
    StringBuilder index = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      Path named = part(directory.getParent(), order, i);
      if (!parts[i].getPath().getName().equals(named.getName())
          && !files.rename(parts[i].getPath(), named)) {
        throw new IOException("cannot rename " + parts[i].getPath() + " to " + named);
      }
      index.append(named.getName()).append('\t').append(firstGram(files, named)).append('\n');
    }
    write(files, new Path(directory, order + "gm.idx"), index.toString());
  }

  private static String firstGram(FileSystem files, Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(files.open(file))) {
      LineReader lines = new LineReader(in, file.toString(), MAX_LINE_BYTES);
      if (!lines.next()) {
        return "";
      }
      String line =
          new String(
              lines.bytes(), lines.start(), lines.end() - lines.start(), StandardCharsets.UTF_8);
      return line.substring(0, line.indexOf('\t'));
    }
  }

  private static void write(FileSystem files, Path file, String text) throws IOException {
    try (OutputStream out = new BufferedOutputStream(files.create(file, true))) {
      out.write(utf8(text));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
