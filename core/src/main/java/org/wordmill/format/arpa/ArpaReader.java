package org.wordmill.format.arpa;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.text.Compression;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;

/**
 * Reads an ARPA file, plain or gzip: lenient about what surrounds the n-grams, strict about them.
 * The number of n-grams of each order must be what the header says, every n-gram's words and its
 * context must be there, nothing may follow {@code \end\}. Every complaint begins with {@code
 * file:line:}.
 *
 * <p>As SRILM and KenLM read it: blank lines mean nothing wherever they stand, the lines of the
 * format may end in blanks, lines may end in CRLF, and the file may begin with a byte order mark.
 * Any text may stand before {@code \data\}, which must come within the first {@value
 * #MAX_PREAMBLE_BYTES} bytes, so that a file of something else is refused soon.
 *
 * <p>Columns are separated by tabs or spaces, and nothing else ends a word but the ends of lines. A
 * back-off that is not there is 0. A file without {@code <unk>} gets one with log10 probability
 * -100, as in KenLM, and a warning; {@code <UNK>} is {@code <unk>}. A file without {@code <s>} gets
 * one that nothing follows, one without {@code </s>} gets one as likely as {@code <unk>}, and a
 * log-probability above 0 becomes 0, each with a warning.
 */
public final class ArpaReader {
  private static final float MISSING_UNKNOWN = -100;
  private static final int MAX_PREAMBLE_BYTES = 1 << 20;
  private static final String DATA = "\\data\\";
  private static final int GZIP_MAGIC_1 = 0x1F;
  private static final int GZIP_MAGIC_2 = 0x8B;

  private final String file;
  private final ArpaLines lines;
  private final Consumer<String> warnings;

  /** How many log-probabilities were above 0. */
  private long positive;

  private ArpaReader(InputStream in, String file, Consumer<String> warnings) {
    this.file = file;
    this.warnings = warnings;
    lines = new ArpaLines(in, file);
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
      throw reader.lines.corrupt("the gzip stream is broken or cut off: " + e.getMessage());
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
    for (int k = 2; k <= order; k++) {
      expectSection(k, counts[k - 2]);
      sink.beginOrder(k, counts[k - 1]);
      readEntries(k, counts, ids, sink);
      sink.endOrder(k);
    }
    expectEnd(order, counts[order - 1]);
    if (positive > 0) {
      warnings.accept(file + ": " + positive + " log10 probabilities above 0; each is taken as 0");
    }
  }

  private void readEntries(int k, long[] counts, WordIds ids, ArpaSink sink) throws IOException {
    try (BatchHandover handover =
        new BatchHandover(k, sink, (b, refusal) -> fault(b, refusal, ids))) {
      for (long i = 0; i < counts[k - 1]; i++) {
        try {
          readEntry(i, counts, ids, handover.batch());
        } catch (WordmillException e) {
          handover.finish(); // What is wrong in an earlier line is told first.
          throw e;
        }
        if (handover.batch().isFull()) {
          handover.next();
        }
      }
      handover.finish();
    }
  }

  private void readEntry(long index, long[] counts, WordIds ids, ArpaBatch batch)
      throws IOException {
    int k = batch.order();
    int columns = lines.nextEntry(k, index, counts[k - 1]);
    for (int j = 0; j < k; j++) {
      int word = ids.find(lines.bytes(), lines.start(1 + j), lines.end(1 + j));
      batch.setWord(j, word == Vocabulary.NONE ? unknownSpelling(lines.column(1 + j), ids) : word);
    }
    batch.add(probability(), backoff(columns, k, counts.length), lines.number());
  }

  private WordmillException fault(ArpaBatch batch, ArpaSink.Refusal refusal, WordIds ids) {
    int[] ngram = new int[batch.order()];
    batch.words(refusal.index(), ngram);
    String words =
        ArpaLines.shortened(
            Arrays.stream(ngram).mapToObj(ids::word).collect(Collectors.joining(" ")));
    String fault =
        switch (refusal.fault()) {
          case DUPLICATE -> "the n-gram '" + words + "' occurs twice";
          case MISSING_CONTEXT ->
              "the context of the n-gram '"
                  + words
                  + "' is not among the "
                  + (ngram.length - 1)
                  + "-grams";
        };
    return lines.corrupt(fault, batch.line(refusal.index()));
  }

  private long[] readHeader() throws IOException {
    findData();
    List<Long> counts = new ArrayList<>();
    String line = lines.nextFilled("ngram 1=");
    while (!line.startsWith("\\")) {
      String begin = "ngram " + (counts.size() + 1) + "=";
      String number = line.startsWith(begin) ? line.substring(begin.length()).strip() : "";
      if (!number.matches("[0-9]{1,18}")) {
        throw lines.expected("'" + begin + "' and a count");
      }
      counts.add(Long.parseLong(number));
      if (counts.size() > KneserNeyOptions.MAX_ORDER) {
        throw lines.corrupt("an order above " + KneserNeyOptions.MAX_ORDER);
      }
      line = lines.nextFilled("\\1-grams:");
    }
    if (counts.isEmpty()) {
      throw lines.expected("'ngram 1=' and a count");
    }
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  /** Reads up to {@code \data\}; the fault of a file without it shows its first line of text. */
  private void findData() throws IOException {
    WordmillException fault = null;
    String line = lines.nextFilled(DATA);
    if (line.startsWith("mmap lm http")) {
      throw lines.corrupt(
          "this is a binary file of KenLM, which tells no n-grams; expected the ARPA file that it"
              + " was built from");
    }
    while (!line.equals(DATA)) {
      if (fault == null && !line.startsWith("#")) {
        fault = lines.expected(DATA);
      }
      boolean late = line.startsWith("ngram 1=") || line.equals("\\1-grams:");
      if (late || lines.position() > MAX_PREAMBLE_BYTES) {
        throw fault == null ? lines.expected(DATA) : fault;
      }
      if (!lines.nextFilled()) {
        throw fault == null ? lines.cutOff(DATA) : fault;
      }
      line = lines.text();
    }
  }

  /** Reads the unigrams, and puts in the reserved words that are not there. */
  private void readUnigrams(long[] counts, WordIds ids, ArpaSink sink) throws IOException {
    FloatList probabilities = new FloatList();
    FloatList backoffs = new FloatList();
    if (!lines.text().equals("\\1-grams:")) {
      throw lines.expected("\\1-grams:");
    }
    for (long i = 0; i < counts[0]; i++) {
      int columns = lines.nextEntry(1, i, counts[0]);
      int before = ids.size();
      if (lines.column(1).equals("<UNK>")) {
        ids.add(Vocabulary.UNKNOWN);
      } else {
        ids.add(lines.bytes(), lines.start(1), lines.end(1));
      }
      if (ids.size() == before) {
        throw lines.corrupt("the word '" + lines.column(1) + "' occurs twice");
      }
      probabilities.add(probability());
      backoffs.add(backoff(columns, 1, counts.length));
    }
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
      throw lines.corrupt("two words are the same once their malformed UTF-8 is replaced");
    }
  }

  private int unknownSpelling(String word, WordIds ids) {
    if (word.equals("<UNK>")) {
      return ids.add(Vocabulary.UNKNOWN);
    }
    throw lines.corrupt("the word '" + ArpaLines.shortened(word) + "' is not among the unigrams");
  }

  private void expectSection(int order, long before) throws IOException {
    String heading = "\\" + order + "-grams:";
    expect(heading, lines.nextFilled(heading), order - 1, before);
  }

  private void expectEnd(int order, long before) throws IOException {
    expect("\\end\\", lines.nextFilled("\\end\\"), order, before);
    if (lines.nextFilled()) {
      throw lines.expected("nothing after \\end\\");
    }
  }

  private void expect(String heading, String line, int order, long count) {
    if (!line.equals(heading)) {
      throw lines.expected(
          line.startsWith("\\")
              ? heading
              : String.format(
                  Locale.ROOT, "%s after the %d %d-grams of the header", heading, count, order));
    }
  }

  private float probability() {
    float probability = lines.number(0, "log10 probability");
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
    float backoff = lines.number(length + 1, "log10 back-off");
    if (!Float.isFinite(backoff)) {
      throw lines.corrupt("the log10 back-off " + backoff + " is not finite");
    }
    if (length == order && backoff != 0) {
      throw lines.corrupt("a back-off " + backoff + " in the highest order, which has none");
    }
    return backoff;
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
