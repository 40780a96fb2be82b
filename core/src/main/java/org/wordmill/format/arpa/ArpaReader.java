package org.wordmill.format.arpa;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.text.Compression;
import org.wordmill.text.LineReader;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;

/**
 * Reads an ARPA file, plain or gzip, strictly: the number of n-grams of each order must be what the
 * header says, every n-gram's words and its context must be there, nothing may follow {@code
 * \end\}. Every complaint begins with {@code file:line:}.
 *
 * <p>Columns are separated by tabs or spaces, and nothing else ends a word but the ends of lines,
 * which may be CRLF. A back-off that is not there is 0. A file without {@code <unk>} gets one with
 * log10 probability -100, as in KenLM, and a warning; {@code <UNK>} is {@code <unk>}. A file
 * without {@code <s>} gets one that nothing follows, one without {@code </s>} gets one as likely as
 * {@code <unk>}, and a log-probability above 0 becomes 0, each with a warning. Lines before {@code
 * \data\} must be blank or begin with {@code #}.
 */
public final class ArpaReader {
  private static final float MISSING_UNKNOWN = -100;
  private static final int MAX_LINE_BYTES = 16 << 20;
  private static final int GZIP_MAGIC_1 = 0x1F;
  private static final int GZIP_MAGIC_2 = 0x8B;

  private final String file;
  private final LineReader lines;
  private final Consumer<String> warnings;

  /** The columns of the line read last: [starts[i], ends[i]) of the line's bytes. */
  private final int[] starts = new int[KneserNeyOptions.MAX_ORDER + 3];

  private final int[] ends = new int[KneserNeyOptions.MAX_ORDER + 3];

  /** How many log-probabilities were above 0. */
  private long positive;

  private ArpaReader(InputStream in, String file, Consumer<String> warnings) {
    this.file = file;
    this.warnings = warnings;
    lines = new LineReader(in, file, MAX_LINE_BYTES);
  }

  /**
   * @param in read to its end, not closed
   * @param file the name for messages
   * @param warnings gets a line for each thing that is odd but no error
   * @throws WordmillException CORRUPT when it is not a whole, correct ARPA file; BAD_INPUT when it
   *     is compressed by something else than gzip
   */
  public static BackoffModel read(InputStream in, String file, Consumer<String> warnings)
      throws IOException {
    ModelSink sink = new ModelSink();
    read(in, file, warnings, sink);
    return sink.model();
  }

  /** Reads n-gram after n-gram, without keeping them. */
  public static void read(InputStream in, String file, Consumer<String> warnings, ArpaSink sink)
      throws IOException {
    ArpaReader reader = new ArpaReader(decompressed(in, file), file, warnings);
    try {
      reader.readInto(sink);
    } catch (EOFException | ZipException e) {
      throw reader.corrupt("the gzip stream is broken or cut off: " + e.getMessage());
    }
  }

  private static InputStream decompressed(InputStream in, String file) throws IOException {
    PushbackInputStream pushback = new PushbackInputStream(in, Compression.BEGINNING);
    byte[] beginning = pushback.readNBytes(Compression.BEGINNING);
    pushback.unread(beginning);
    boolean gzip =
        beginning.length >= 2
            && (beginning[0] & 0xFF) == GZIP_MAGIC_1
            && (beginning[1] & 0xFF) == GZIP_MAGIC_2;
    Optional<Compression> other = gzip ? Optional.empty() : Compression.ofBytes(beginning);
    if (other.isPresent()) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "an ARPA file is read plain or as gzip, and this one is compressed as " + other.get(),
          file,
          "decompress it, or compress it as gzip");
    }
    try {
      return gzip ? new GZIPInputStream(pushback, 1 << 16) : pushback;
    } catch (EOFException | ZipException e) {
      throw new WordmillException(
          ExitCode.CORRUPT, "the gzip header is broken or cut off", file, "", e);
    }
  }

  private void readInto(ArpaSink sink) throws IOException {
    long[] counts = readHeader();
    int order = counts.length;
    WordIds ids = new WordIds();
    readUnigrams(counts, ids, sink);
    int[] ngram = new int[order];
    for (int k = 2; k <= order; k++) {
      expectSection(k);
      sink.beginOrder(k, counts[k - 1]);
      for (long i = 0; i < counts[k - 1]; i++) {
        int columns = entryColumns(k, i, counts[k - 1]);
        for (int j = 0; j < k; j++) {
          ngram[j] = ids.find(lines.bytes(), starts[1 + j], ends[1 + j]);
          if (ngram[j] == Vocabulary.NONE) {
            ngram[j] = unknownSpelling(column(1 + j), ids);
          }
        }
        ArpaSink.Outcome outcome = sink.add(ngram, k, probability(), backoff(columns, k, order));
        if (outcome == ArpaSink.Outcome.DUPLICATE) {
          throw corrupt("the n-gram '" + words(k) + "' occurs twice");
        } else if (outcome == ArpaSink.Outcome.MISSING_CONTEXT) {
          throw corrupt(
              "the context of the n-gram '"
                  + words(k)
                  + "' is not among the "
                  + (k - 1)
                  + "-grams");
        }
      }
      expectEndOf(k, counts[k - 1]);
      sink.endOrder(k);
    }
    expectEnd();
    if (positive > 0) {
      warnings.accept(file + ": " + positive + " log10 probabilities above 0; each is taken as 0");
    }
  }

  private long[] readHeader() throws IOException {
    String line = nextLine("\\data\\");
    while (line.isBlank() || line.startsWith("#")) {
      line = nextLine("\\data\\");
    }
    if (line.startsWith("mmap lm http")) {
      throw corrupt(
          "this is a binary file of KenLM, which tells no n-grams; expected the ARPA file that it"
              + " was built from");
    }
    if (!line.equals("\\data\\")) {
      throw corrupt("expected \\data\\, found '" + shortened(line) + "'");
    }
    List<Long> counts = new ArrayList<>();
    for (line = nextLine("ngram 1="); !line.isBlank(); line = nextLine("a blank line")) {
      String begin = "ngram " + (counts.size() + 1) + "=";
      String number = line.startsWith(begin) ? line.substring(begin.length()).strip() : "";
      if (!number.matches("[0-9]{1,18}")) {
        throw corrupt("expected '" + begin + "' and a count, found '" + shortened(line) + "'");
      }
      counts.add(Long.parseLong(number));
      if (counts.size() > KneserNeyOptions.MAX_ORDER) {
        throw corrupt("an order above " + KneserNeyOptions.MAX_ORDER);
      }
    }
    if (counts.isEmpty()) {
      throw corrupt("expected 'ngram 1=' and a count, found a blank line");
    }
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  /** Reads the unigrams, and puts in the reserved words that are not there. */
  private void readUnigrams(long[] counts, WordIds ids, ArpaSink sink) throws IOException {
    FloatList probabilities = new FloatList();
    FloatList backoffs = new FloatList();
    expectSection(1);
    for (long i = 0; i < counts[0]; i++) {
      int columns = entryColumns(1, i, counts[0]);
      int before = ids.size();
      if (column(1).equals("<UNK>")) {
        ids.add(Vocabulary.UNKNOWN);
      } else {
        ids.add(lines.bytes(), starts[1], ends[1]);
      }
      if (ids.size() == before) {
        throw corrupt("the word '" + column(1) + "' occurs twice");
      }
      probabilities.add(probability());
      backoffs.add(backoff(columns, 1, counts.length));
    }
    expectEndOf(1, counts[0]);
    int unknown = ids.find(Vocabulary.UNKNOWN);
    float floor = unknown == Vocabulary.NONE ? MISSING_UNKNOWN : probabilities.get(unknown);
    for (String reserved : List.of(Vocabulary.UNKNOWN, Vocabulary.BEGIN, Vocabulary.END)) {
      if (ids.find(reserved) == Vocabulary.NONE) {
        float probability = reserved.equals(Vocabulary.BEGIN) ? 0 : floor;
        warnings.accept(
            file
                + ": no "
                + reserved
                + " among the unigrams; it gets the log10 probability "
                + probability);
        ids.add(reserved);
        probabilities.add(probability);
        backoffs.add(0);
      }
    }
    sink.unigrams(
        counts.length,
        ids,
        vocabulary(ids),
        probabilities.values(ids.size()),
        backoffs.values(ids.size()));
  }

  private Vocabulary vocabulary(WordIds ids) {
    try {
      return ids.vocabulary();
    } catch (IllegalArgumentException e) {
      throw corrupt("two words are the same once their malformed UTF-8 is replaced");
    }
  }

  private int unknownSpelling(String word, WordIds ids) {
    if (word.equals("<UNK>")) {
      return ids.add(Vocabulary.UNKNOWN);
    }
    throw corrupt("the word '" + shortened(word) + "' is not among the unigrams");
  }

  private void expectSection(int order) throws IOException {
    String expected = "\\" + order + "-grams:";
    String line = nextLine(expected);
    while (line.isBlank()) {
      line = nextLine(expected);
    }
    if (!line.equals(expected)) {
      throw corrupt("expected " + expected + ", found '" + shortened(line) + "'");
    }
  }

  private void expectEndOf(int order, long count) throws IOException {
    String line = nextLine("a blank line");
    if (!line.isBlank()) {
      throw corrupt(
          String.format(
              Locale.ROOT,
              "expected a blank line after the %d %d-grams of the header, found '%s'",
              count,
              order,
              shortened(line)));
    }
  }

  private void expectEnd() throws IOException {
    String line = nextLine("\\end\\");
    while (line.isBlank()) {
      line = nextLine("\\end\\");
    }
    if (!line.equals("\\end\\")) {
      throw corrupt("expected \\end\\, found '" + shortened(line) + "'");
    }
    while (lines.next()) {
      if (!line().isBlank()) {
        throw corrupt("expected nothing after \\end\\, found '" + shortened(line()) + "'");
      }
    }
  }

  /** Reads an entry's line and finds its columns: probability, words, perhaps back-off. */
  private int entryColumns(int order, long index, long count) throws IOException {
    if (!lines.next()) {
      throw cutOff(count + " " + order + "-grams, found only " + index);
    }
    byte[] text = lines.bytes();
    int columns = 0;
    int p = lines.start();
    while (p < lines.end()) {
      while (p < lines.end() && isSeparator(text[p])) {
        p++;
      }
      if (p == lines.end() || columns == order + 3) {
        break;
      }
      starts[columns] = p;
      while (p < lines.end() && !isSeparator(text[p])) {
        p++;
      }
      ends[columns++] = p;
    }
    if (columns == 0) {
      throw corrupt(
          String.format(
              Locale.ROOT, "the header promises %d %d-grams, found %d", count, order, index));
    }
    if (columns < order + 1 || columns > order + 2) {
      throw corrupt(
          "expected a log10 probability, "
              + order
              + " words and perhaps a back-off, found '"
              + shortened(line())
              + "'");
    }
    return columns;
  }

  private static boolean isSeparator(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  private float probability() {
    float probability = number(0, "log10 probability");
    if (probability > 0) {
      positive++;
      return 0;
    }
    return probability;
  }

  private float backoff(int columns, int length, int order) {
    if (columns == length + 1) {
      return 0;
    }
    float backoff = number(length + 1, "log10 back-off");
    if (!Float.isFinite(backoff)) {
      throw corrupt("the log10 back-off " + backoff + " is not finite");
    }
    if (length == order && backoff != 0) {
      throw corrupt("a back-off " + backoff + " in the highest order, which has none");
    }
    return backoff;
  }

  private float number(int column, String what) {
    try {
      return Decimal.parse(lines.bytes(), starts[column], ends[column]);
    } catch (NumberFormatException e) {
      throw corrupt("'" + shortened(column(column)) + "' is not a " + what);
    }
  }

  private String nextLine(String expected) throws IOException {
    if (!lines.next()) {
      throw cutOff(expected);
    }
    return line();
  }

  /** The line read last, without a carriage return at its end. */
  private String line() {
    int end = lines.end();
    if (end > lines.start() && lines.bytes()[end - 1] == '\r') {
      end--;
    }
    return new String(lines.bytes(), lines.start(), end - lines.start(), StandardCharsets.UTF_8);
  }

  private String column(int i) {
    return new String(lines.bytes(), starts[i], ends[i] - starts[i], StandardCharsets.UTF_8);
  }

  private String words(int order) {
    List<String> words = new ArrayList<>();
    for (int i = 1; i <= order; i++) {
      words.add(column(i));
    }
    return shortened(String.join(" ", words));
  }

  private static String shortened(String text) {
    String shown = text.length() <= 80 ? text : text.substring(0, 80) + "...";
    // A binary file would write to the terminal what turns it upside down.
    return shown.replaceAll("\\p{IsControl}", "?");
  }

  private WordmillException cutOff(String expected) {
    return corrupt("the file ends where " + expected + " was expected: it is cut off");
  }

  private WordmillException corrupt(String what) {
    return new WordmillException(
        ExitCode.CORRUPT, file + ":" + lines.number() + ": " + what, "", "");
  }

  /** A growing array of floats. */
  private static final class FloatList {
    private float[] values = new float[1 << 10];
    private int size;

    void add(float value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    float get(int i) {
      return values[i];
    }

    float[] values(int count) {
      return Arrays.copyOf(values, count);
    }
  }
}
