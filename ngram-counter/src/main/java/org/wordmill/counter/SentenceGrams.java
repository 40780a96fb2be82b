package org.wordmill.counter;

import java.util.Arrays;
import java.util.Iterator;

/**
 * The map side of counting: the N-grams of a split's sentences, each sentence padded on the left by
 * N-1 {@code <s>}, sorted in suffix order, equal ones added up, and sent to the partition of their
 * last two words.
 *
 * <p>Padding makes every n-gram that begins with {@code <s>} an N-gram with superfluous {@code <s>}
 * before it, so that one kind of record carries all orders.
 */
final class SentenceGrams extends BlockOutput {
  /** N-grams that are sorted together; more in a split make further runs. */
  private static final int RUN_GRAMS = 2 << 20;

  private final Packing packing;
  private final WordTable vocabulary;
  private final boolean limited;
  private final Iterator<EncodedSplit> splits;
  private final int order;
  private final int partitions;
  private final int longs;
  private final int topShift;
  private final long lastMask;
  private final long[] window;
  private final int[] words;

  private long[] run = {};
  private long[] other = {};
  private int grams;
  private int walked;

  private Iterator<byte[]> pages = Arrays.<byte[]>asList().iterator();
  private int[] globalIds = {};
  private VarBytes.Reader page = new VarBytes.Reader(new byte[0], 0);

  /**
   * @param limited whether words that are not in the vocabulary are {@code <unk>}
   */
  SentenceGrams(
      Packing packing,
      WordTable vocabulary,
      boolean limited,
      Iterator<EncodedSplit> splits,
      int order,
      int partitions) {
    super(order, partitions);
    this.packing = packing;
    this.vocabulary = vocabulary;
    this.limited = limited;
    this.splits = splits;
    this.order = order;
    this.partitions = partitions;
    this.longs = packing.longs(order);
    this.topShift = packing.topShift();
    this.lastMask = packing.lastLongMask(order);
    this.window = new long[longs];
    this.words = new int[order];
    beginSentence();
  }

  @Override
  boolean advance() {
    if (walked == grams) {
      flush();
      walked = 0;
      grams = 0;
      if (!fill()) {
        return false;
      }
      int others = RecordSorter.otherLongs(grams, longs);
      if (other.length < others) {
        other = new long[others];
      }
      new RecordSorter(packing, order, longs).sort(run, other, grams);
    }
    // One block's worth of n-grams or so between two looks at the queue.
    for (int i = 0; i < 4096 && walked < grams; i++) {
      sendOne();
    }
    return true;
  }

  private void sendOne() {
    int at = walked * longs;
    long count = 0;
    do {
      count++;
      walked++;
    } while (walked < grams && equal(at, walked * longs));
    packing.unpack(run, at, order, words);
    writer(order, Packing.partition(words[1], words[0], partitions)).add(words, count);
  }

  private boolean equal(int a, int b) {
    for (int i = 0; i < longs; i++) {
      if (run[a + i] != run[b + i]) {
        return false;
      }
    }
    return true;
  }

  /** Reads sentences until the run is full or the text ends; false when there was none left. */
  private boolean fill() {
    while (grams < RUN_GRAMS && (page.hasMore() || nextPage())) {
      while (grams < RUN_GRAMS && page.hasMore()) {
        int code = page.getInt();
        int word =
            switch (code) {
              case EncodedSplit.END -> Words.END;
              case EncodedSplit.UNKNOWN -> Words.UNKNOWN;
              default -> globalIds[code - EncodedSplit.FIRST_WORD];
            };
        push(word);
        append();
        if (code == EncodedSplit.END) {
          beginSentence();
        }
      }
    }
    return grams > 0;
  }

  private boolean nextPage() {
    while (!pages.hasNext()) {
      if (!splits.hasNext()) {
        return false;
      }
      EncodedSplit split = splits.next();
      globalIds = Words.globalIds(split.words(), vocabulary, limited);
      pages = Arrays.asList(split.pages()).iterator();
    }
    page = new VarBytes.Reader(pages.next(), 0);
    return true;
  }

  private void beginSentence() {
    for (int i = 0; i < order; i++) {
      push(Words.BEGIN);
    }
  }

  /** Shifts the window by one word: the newest comes first, the oldest falls out. */
  private void push(int word) {
    long carried = word;
    for (int i = 0; i < longs; i++) {
      long out = window[i] & (1L << packing.bits()) - 1;
      window[i] = window[i] >>> packing.bits() | carried << topShift;
      carried = out;
    }
    window[longs - 1] &= lastMask;
  }

  private void append() {
    int at = grams * longs;
    if (run.length - at < longs) {
      int length = Math.min(RUN_GRAMS, Math.max(1 << 12, 2 * grams)) * longs;
      run = Arrays.copyOf(run, length);
    }
    for (int i = 0; i < longs; i++) {
      run[at + i] = window[i];
    }
    grams++;
  }
}
