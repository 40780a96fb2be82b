package org.wordmill.format.kenlm;

import static org.wordmill.format.kenlm.KenlmHeader.corrupt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.Vocabulary;

/**
 * A back-off n-gram model in a binary file of KenLM ({@code build_binary}), memory-mapped: probing
 * or trie, quantised or not, with whole pointers or array pointers. Probabilities are those of
 * KenLM's {@code query}, added up as floats in the same order.
 *
 * <p>Opening checks the header, the length of the file and, where they are there, that all words
 * are; the format has no checksum for the rest, so a damaged file may give other numbers, or a
 * fault that says so, but queries always end. Safe for use by many threads.
 */
public final class KenlmModel implements NgramModel {
  private static final double LN_10 = Math.log(10);

  private final Path file;
  private final KenlmHeader header;
  private final Search search;
  private final Vocabulary vocabulary;
  private final KenlmState start;

  private KenlmModel(Path file, KenlmHeader header, KenlmWords words, Search search) {
    this.file = file;
    this.header = header;
    this.search = search;
    vocabulary = new Vocabulary(words);
    for (String reserved : List.of(Vocabulary.BEGIN, Vocabulary.END)) {
      if (!vocabulary.contains(reserved)) {
        throw corrupt("the KenLM file lacks " + reserved, file.toString(), header.length());
      }
    }
    // KenLM begins with the context <s> even where nothing follows it.
    start = new KenlmState(header.order() - 1);
    Lookup begin = new Lookup();
    search.unigram(vocabulary.begin(), begin);
    start.words[0] = vocabulary.begin();
    start.backoffs[0] = begin.backoff;
    start.length = 1;
  }

  /** Whether a file begins as a binary file of KenLM does, whole or not, of whatever version. */
  public static boolean isKenlm(byte[] beginning) {
    return KenlmHeader.isMagic(beginning);
  }

  /**
   * @throws WordmillException CORRUPT when it is no binary file of KenLM, not whole, of another
   *     version or another kind of machine, or lacks {@code <s>} or {@code </s>}
   */
  public static KenlmModel open(Path file) throws IOException {
    String name = file.toString();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer beginning = ByteBuffer.allocate(KenlmHeader.MAX_LENGTH);
      while (beginning.hasRemaining() && channel.read(beginning) >= 0) {
        continue;
      }
      byte[] bytes = Arrays.copyOf(beginning.array(), beginning.position());
      long length = channel.size();
      KenlmHeader header = KenlmHeader.decode(bytes, length, name);
      Sections sections = new Sections(channel, header.length(), length, name);
      WordHashes hashes =
          header.type().trie()
              ? SortedHashes.map(sections, header)
              : ProbingHashes.map(sections, header);
      Search search =
          header.type().trie()
              ? TrieSearch.map(sections, header)
              : ProbingSearch.map(sections, header);
      @Nullable WordStrings strings = null;
      if (header.strings()) {
        strings = WordStrings.map(sections, hashes.size());
      } else if (sections.left() != 0) {
        throw sections.fault("the KenLM file is too long by " + sections.left() + " bytes");
      }
      return new KenlmModel(file, header, new KenlmWords(hashes, strings, name), search);
    } catch (IndexOutOfBoundsException e) {
      throw corrupt("the KenLM file points outside itself", name, KenlmHeader.MAX_LENGTH);
    }
  }

  /** What kind of file it is, in words. */
  public String layout() {
    return header.type().toString();
  }

  /** Whether probabilities and back-offs above order 1 are codes. */
  public boolean quantized() {
    return header.type().quantized();
  }

  /** The size of the file in bytes. */
  public long fileLength() {
    return header.fileLength();
  }

  @Override
  public int order() {
    return header.order();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of a probing file, as counted in the ARPA file; a trie counts those that it fills in, too.
   */
  @Override
  public long ngrams(int order) {
    return order == 1 ? vocabulary.size() : header.count(order);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return start;
  }

  @Override
  public State advance(State state, int token) {
    KenlmState next = new KenlmState(order() - 1);
    step((KenlmState) state, token, next, new Lookup());
    return next;
  }

  @Override
  public double logProbability(State state, int token) {
    return LN_10 * step((KenlmState) state, token, new KenlmState(order() - 1), new Lookup());
  }

  @Override
  public State logProbabilities(State state, int[] tokens, double[] out) {
    KenlmState from = (KenlmState) state;
    int[] words = new int[from.length + tokens.length];
    for (int i = 0; i < from.length; i++) {
      words[i] = from.words[from.length - 1 - i];
    }
    System.arraycopy(tokens, 0, words, from.length, tokens.length);
    int[] reach = new int[words.length];
    reach(reach, 0, words.length);
    return new Walk(words, reach).run(from, from.length, words.length, out);
  }

  @Override
  public void logProbabilities(List<int[]> texts, List<double[]> out) {
    // All texts in one array, each after <s>, to read ahead for several of them together.
    int count = texts.size();
    for (int[] text : texts) {
      count += text.length;
    }
    int[] words = new int[count];
    int[] reach = new int[count];
    int end = 0;
    for (int[] text : texts) {
      int begin = end;
      end += 1 + text.length;
      words[begin] = vocabulary.begin();
      System.arraycopy(text, 0, words, begin + 1, text.length);
      reach(reach, begin, end);
    }
    Walk walk = new Walk(words, reach);
    end = 0;
    for (int i = 0; i < texts.size(); i++) {
      int begin = end;
      end += 1 + texts.get(i).length;
      walk.run(start, begin + 1, end, out.get(i));
    }
  }

  /** How long n-grams may be that end in the words of a text, whose first words are the history. */
  private void reach(int[] reach, int begin, int end) {
    for (int i = begin; i < end; i++) {
      reach[i] = Math.min(1 + i - begin, order());
    }
  }

  /** A way through words, in whose front entries are read ahead. */
  private final class Walk {
    private final int[] words;
    private final int[] reach;
    private final ReadAhead ahead;
    private final Lookup lookup = new Lookup();
    private int read;

    Walk(int[] words, int[] reach) {
      this.words = words;
      this.reach = reach;
      ahead = new ReadAhead(words.length);
    }

    /**
     * Goes from one index to another; these never decrease from call to call.
     *
     * @param from the state before the first word
     * @param out gets the logarithms of the words' probabilities
     * @return the state after the last word
     */
    KenlmState run(KenlmState from, int begin, int end, double[] out) {
      KenlmState here = from;
      KenlmState next = new KenlmState(order() - 1);
      KenlmState spare = new KenlmState(order() - 1);
      for (int i = begin; i < end; i++) {
        if (i >= read) {
          read = Math.min(i + ReadAhead.WORDS, words.length);
          search.readAhead(words, reach, i, read, ahead);
        }
        out[i - begin] = step(here, words[i], next, lookup) * LN_10;
        KenlmState swap = here == from ? spare : here;
        here = next;
        next = swap;
      }
      return here;
    }
  }

  @Override
  public int matchedLength(State state, int token) {
    Lookup lookup = new Lookup();
    step((KenlmState) state, token, new KenlmState(order() - 1), lookup);
    return lookup.matched;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A file tells what ends in a word, not what follows one, so the cost is V look-ups.
   */
  @Override
  public void nextLogProbabilities(State state, float[] out) {
    Lookup lookup = new Lookup();
    KenlmState next = new KenlmState(order() - 1);
    for (int token = 0; token < vocabulary.size(); token++) {
      out[token] = (float) (step((KenlmState) state, token, next, lookup) * LN_10);
    }
  }

  /**
   * log10 p(word | from), negative infinity for {@code <s>}; {@code to} becomes the state after the
   * word, and the lookup tells how long an n-gram was found.
   */
  private float step(KenlmState from, int word, KenlmState to, Lookup at) {
    if (word < 0 || word >= vocabulary.size()) {
      throw new IndexOutOfBoundsException("word " + word + " of " + vocabulary.size());
    }
    try {
      float log10 = withoutBackoff(from, word, to, at);
      for (int length = at.matched; length <= from.length; length++) {
        log10 += from.backoffs[length - 1];
      }
      return word == vocabulary.begin() ? Float.NEGATIVE_INFINITY : log10;
    } catch (IndexOutOfBoundsException e) {
      throw corrupt("the KenLM file points outside itself", file.toString(), header.length());
    }
  }

  private float withoutBackoff(KenlmState from, int word, KenlmState to, Lookup at) {
    int contexts = header.order() - 1;
    search.unigram(word, at);
    float log10 = at.probability;
    int matched = 1;
    to.backoffs[0] = at.backoff;
    to.words[0] = word;
    int length = Lookup.extendsRight(at.backoff) ? 1 : 0;
    while (matched <= from.length && !at.independent) {
      int before = from.words[matched - 1];
      if (matched == contexts) {
        if (search.longest(before, at)) {
          log10 = at.probability;
          matched++;
        }
        break;
      }
      if (!search.middle(matched + 1, before, at)) {
        break;
      }
      log10 = at.probability;
      to.backoffs[matched] = at.backoff;
      matched++;
      if (Lookup.extendsRight(at.backoff)) {
        length = matched;
      }
    }
    if (length > 1) {
      System.arraycopy(from.words, 0, to.words, 1, length - 1);
    }
    to.length = length;
    at.matched = matched;
    return log10;
  }

  @Override
  public String toString() {
    return "KenLM " + header.type() + " of order " + order() + " in " + file;
  }
}
