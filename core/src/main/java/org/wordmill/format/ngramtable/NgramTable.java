package org.wordmill.format.ngramtable;

import static org.wordmill.format.ngramtable.TableHeader.corrupt;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.wordmill.error.WordmillException;
import org.wordmill.format.mapped.MappedBytes;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.Vocabulary;

/**
 * A back-off n-gram model in a memory-mapped file: opened in milliseconds whatever its size, shared
 * by all threads and processes of a machine, in memory only where it is used.
 *
 * <p>Opening checks the header and the length of the file; {@link #verify} reads the whole file and
 * checks the rest. Probabilities are those of the ARPA file that was packed, bit by bit, unless it
 * was quantised. A {@link #walk} makes no objects; {@link #advance} makes one; {@link
 * #logProbabilities} is the fastest way through a text that is known in advance. Safe for use by
 * many threads.
 */
public final class NgramTable implements NgramModel {
  private static final double LN_10 = Math.log(10);

  private final Path file;
  private final TableHeader header;
  private final TableWords words;
  private final Vocabulary vocabulary;
  private final Levels levels;
  private final TableState start;

  private NgramTable(Path file, TableHeader header, TableWords words, Levels levels) {
    this.file = file;
    this.header = header;
    this.words = words;
    vocabulary = new Vocabulary(words);
    this.levels = levels;
    start = new TableState(order() - 1);
    step(new TableState(order() - 1), vocabulary.begin(), start);
  }

  /** Whether a file begins as a table does, whole or not. */
  public static boolean isTable(byte[] beginning) {
    return beginning.length >= TableHeader.MAGIC.length
        && Arrays.equals(
            beginning, 0, TableHeader.MAGIC.length, TableHeader.MAGIC, 0, TableHeader.MAGIC.length);
  }

  /**
   * @throws WordmillException CORRUPT when it is no table, not whole, or of another version
   */
  public static NgramTable open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer beginning = ByteBuffer.allocate(TableHeader.LENGTH);
      while (beginning.hasRemaining() && channel.read(beginning) >= 0) {
        continue;
      }
      byte[] bytes = Arrays.copyOf(beginning.array(), beginning.position());
      TableHeader header = TableHeader.decode(bytes, channel.size(), file.toString());
      TableSections sections = new TableSections(channel, header, file.toString());
      TableWords words = sections.words();
      for (String reserved : List.of(Vocabulary.BEGIN, Vocabulary.END, Vocabulary.UNKNOWN)) {
        if (words.find(reserved) == Vocabulary.NONE) {
          throw corrupt("the table lacks " + reserved, file.toString(), TableHeader.LENGTH);
        }
      }
      return new NgramTable(file, header, words, sections.levels());
    } catch (IndexOutOfBoundsException e) {
      throw corrupt("the table points outside itself", file.toString(), TableHeader.LENGTH);
    }
  }

  /**
   * Reads the whole file and compares its checksums.
   *
   * @throws WordmillException CORRUPT with the place of the section that is not as it was written
   */
  public void verify() {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (Section section : header.sections()) {
        MappedBytes bytes =
            MappedBytes.map(
                channel, FileChannel.MapMode.READ_ONLY, section.offset(), section.length());
        if (bytes.checksum(0, section.length()) != section.checksum()) {
          throw corrupt(
              String.format(
                  Locale.ROOT,
                  "the checksum of the %d bytes of section 0x%x is wrong",
                  section.length(),
                  section.id()),
              file.toString(),
              section.offset());
        }
      }
    } catch (EOFException e) {
      throw corrupt("the table is cut off", file.toString(), header.fileLength());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TableLayout layout() {
    return header.layout();
  }

  /** Whether probabilities and back-offs above order 1 are 8-bit codes. */
  public boolean quantized() {
    return header.quantized();
  }

  /** The size of the file in bytes. */
  public long fileLength() {
    return header.fileLength();
  }

  @Override
  public int order() {
    return header.order();
  }

  @Override
  public long ngrams(int order) {
    return header.counts().get(order - 1);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return start;
  }

  /** A walk from the beginning of a sentence. */
  public TableWalk walk() {
    return new TableWalk(this).from(start);
  }

  @Override
  public State advance(State state, int token) {
    TableState next = new TableState(order() - 1);
    step((TableState) state, token, next);
    return next;
  }

  @Override
  public double logProbability(State state, int token) {
    return step((TableState) state, token, new TableState(order() - 1)) * LN_10;
  }

  @Override
  public State logProbabilities(State state, int[] tokens, double[] out) {
    try {
      State end = new TableSweep(this, tokens.length).run((TableState) state, tokens, out);
      for (int i = 0; i < tokens.length; i++) {
        out[i] *= LN_10;
      }
      return end;
    } catch (IndexOutOfBoundsException e) {
      throw outside(tokens);
    }
  }

  @Override
  public void logProbabilities(List<int[]> texts, List<double[]> out) {
    int[] begins = new int[texts.size()];
    int length = 0;
    for (int i = 0; i < begins.length; i++) {
      begins[i] = length;
      length += 1 + texts.get(i).length;
    }
    int[] tokens = new int[length];
    for (int i = 0; i < begins.length; i++) {
      int[] text = texts.get(i);
      tokens[begins[i]] = vocabulary.begin();
      System.arraycopy(text, 0, tokens, begins[i] + 1, text.length);
    }
    double[] log10 = new double[length];
    try {
      new TableSweep(this, length).run(tokens, begins, log10);
    } catch (IndexOutOfBoundsException e) {
      throw outside(tokens);
    }
    for (int i = 0; i < begins.length; i++) {
      double[] factors = out.get(i);
      for (int j = 0; j < texts.get(i).length; j++) {
        factors[j] = log10[begins[i] + 1 + j] * LN_10;
      }
    }
  }

  /** log10 p(word | from); {@code to} becomes the state after the word. */
  double step(TableState from, int word, TableState to) {
    try {
      int contexts = header.order() - 1;
      boolean closed = header.suffixClosed();
      float probability = levels.probability(1, word);
      int matched = 1;
      if (contexts > 0) {
        to.successors[0] = levels.successors(1, word);
        to.backoffs[0] = levels.backoff(1, word);
      }
      for (int length = 1; length <= from.length; length++) {
        long successors = from.successors[length - 1];
        long entry = successors == 0 ? Levels.NONE : levels.find(length + 1, successors, word);
        if (entry != Levels.NONE) {
          matched = length + 1;
          probability = levels.probability(matched, entry);
          if (length < contexts) {
            to.successors[length] = levels.successors(matched, entry);
            to.backoffs[length] = levels.backoff(matched, entry);
          }
        } else if (closed) {
          break; // A longer n-gram would have this one as its end.
        } else if (length < contexts) {
          to.successors[length] = 0;
          to.backoffs[length] = 0;
        }
      }
      to.shorten(Math.min(matched, contexts));
      if (word == vocabulary.begin()) {
        return Double.NEGATIVE_INFINITY;
      }
      double log10 = 0;
      for (int length = from.length; length >= matched; length--) {
        log10 += from.backoffs[length - 1];
      }
      return log10 + probability;
    } catch (IndexOutOfBoundsException e) {
      if (word < 0 || word >= vocabulary.size()) {
        throw e;
      }
      throw outside();
    }
  }

  /** The fault behind an index out of bounds, unless it is one of the caller's tokens. */
  private WordmillException outside(int[] tokens) {
    for (int token : tokens) {
      Objects.checkIndex(token, vocabulary.size());
    }
    return outside();
  }

  private WordmillException outside() {
    return corrupt(
        "the table points outside itself; wordmill inspect --verify tells where it is damaged",
        file.toString(),
        TableHeader.LENGTH);
  }

  @Override
  public int matchedLength(State state, int token) {
    TableState context = (TableState) state;
    int matched = 1;
    for (int length = 1; length <= context.length; length++) {
      long successors = context.successors[length - 1];
      if (successors != 0 && levels.find(length + 1, successors, token) != Levels.NONE) {
        matched = length + 1;
      }
    }
    return matched;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The unigrams with all back-off weights come first, then the successors of ever longer
   * contexts over them, so the cost is V and the number of successors, not V look-ups.
   */
  @Override
  public void nextLogProbabilities(State state, float[] out) {
    try {
      fill((TableState) state, out);
    } catch (IndexOutOfBoundsException e) {
      throw outside();
    }
  }

  private void fill(TableState context, float[] out) {
    double backoff = backoff(context, 1);
    for (int token = 0; token < vocabulary.size(); token++) {
      out[token] = (float) ((backoff + levels.probability(1, token)) * LN_10);
    }
    for (int length = 1; length <= context.length; length++) {
      backoff = backoff(context, length + 1);
      long successors = context.successors[length - 1];
      long begin = Ranges.begin(successors);
      for (long entry = begin; entry < begin + Ranges.size(successors); entry++) {
        int word = levels.word(length + 1, entry);
        if (word >= 0 && word < vocabulary.size()) {
          out[word] = (float) ((backoff + levels.probability(length + 1, entry)) * LN_10);
        }
      }
    }
    out[vocabulary.begin()] = Float.NEGATIVE_INFINITY;
  }

  /** The sum of the back-off weights from the longest context down to one of a length. */
  private static double backoff(TableState context, int shortest) {
    double backoff = 0;
    for (int length = context.length; length >= shortest; length--) {
      backoff += context.backoffs[length - 1];
    }
    return backoff;
  }

  /** Hears of each n-gram of an order. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param ngram its word ids; reused for the next
     * @param log10Backoff 0 in the highest order
     */
    void ngram(int[] ngram, float log10Probability, float log10Backoff) throws IOException;
  }

  /** Tells all n-grams of an order, sorted by their word ids. */
  public void forEach(int order, Visitor visitor) throws IOException {
    new TableTour(levels, header.order()).visit(vocabulary.size(), order, visitor);
  }

  Levels levels() {
    return levels;
  }

  /** The UTF-8 bytes of a word as they were in the ARPA file. */
  byte[] word(int id) {
    return words.bytes(id);
  }

  boolean isSuffixClosed() {
    return header.suffixClosed();
  }

  @Override
  public String toString() {
    return header.layout() + " table of order " + order() + " in " + file;
  }
}
