package org.wordmill.train;

import java.util.Arrays;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Ids;
import org.wordmill.model.TaggerConfig;
import org.wordmill.text.TaggedWords;

/**
 * Tagged sentences: the inputs are words, the targets tags. A corpus is the ids of one sentence
 * after the other, as {@link TaggedWords} writes them.
 *
 * <p>An epoch goes through all sentences in an order that it draws, each once. The sentences of a
 * batch have {@link TaggedWords#END} behind them up to the longest, rounded up to one of {@value
 * #SHAPES} lengths, so that steps have few shapes; what fills has no targets.
 */
final class SentenceExamples implements Examples {
  private static final int SHAPES = 8;
  private static final int ORDER = 4;
  private static final int PIECE = 1 << 14;

  private final Tokens corpus;
  private final int words;
  private final int tags;
  private final int longest;
  private final int rounding;
  private final int sequences;
  private final long seed;
  private final int sentences;

  /** Where each sentence begins, and where the last one ends. */
  private final long[] starts;

  SentenceExamples(Tokens corpus, TaggerConfig model, int sequences, long seed) {
    this.corpus = corpus;
    this.words = model.vocabularySize();
    this.tags = model.tags();
    this.longest = model.contextLength();
    this.rounding = (longest + SHAPES - 1) / SHAPES;
    this.sequences = sequences;
    this.seed = seed;
    this.starts = starts(corpus);
    this.sentences = starts.length - 1;
  }

  /** The beginnings of all sentences, and the end of the last. */
  private static long[] starts(Tokens corpus) {
    long[] starts = new long[PIECE];
    int count = 1;
    int[] ids = new int[PIECE];
    boolean isWord = true;
    for (long at = 0; at < corpus.size(); at += PIECE) {
      int length = (int) Math.min(PIECE, corpus.size() - at);
      corpus.copy(at, ids, 0, length);
      for (int i = 0; i < length; i++) {
        if (isWord && ids[i] == TaggedWords.END) {
          if (count == starts.length) {
            starts = Arrays.copyOf(starts, Math.multiplyExact(count, 2));
          }
          starts[count++] = at + i + 1;
        } else {
          isWord = !isWord;
        }
      }
    }
    if (starts[count - 1] != corpus.size()) {
      throw new IllegalArgumentException("the last sentence does not end");
    }
    return Arrays.copyOf(starts, count);
  }

  /**
   * Checks that there is something to learn from, and returns how much.
   *
   * @throws WordmillException BAD_INPUT when there is no sentence
   */
  static long require(long sentences) {
    if (sentences < 1) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "the training text has no sentence with tags",
          "",
          "give CoNLL-U whose fourth field is filled");
    }
    return sentences;
  }

  @Override
  public long perEpoch() {
    return require(sentences);
  }

  @Override
  public Batch training(long step, int first, int size) {
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      long sample = Math.addExact(Math.multiplyExact(step, (long) sequences), first + i);
      long epoch = sample / sentences;
      numbers[i] =
          (int)
              new WindowPermutation(sentences, Seeds.mix(seed, ORDER, epoch))
                  .at(sample % sentences);
    }
    return batch(numbers, size);
  }

  @Override
  public long evaluated() {
    return sentences;
  }

  @Override
  public Batch evaluation(long first, int size) {
    int[] numbers = new int[(int) Math.min(size, sentences - first)];
    Arrays.setAll(numbers, i -> (int) first + i);
    return batch(numbers, size);
  }

  /** The sentences of some numbers, in rows of which there may be more. */
  private Batch batch(int[] numbers, int rows) {
    int most = 1;
    for (int number : numbers) {
      most = Math.max(most, length(number));
    }
    int time = Math.min((most + rounding - 1) / rounding * rounding, Math.max(most, longest));
    int[] inputs = new int[rows * time];
    int[] targets = new int[rows * time];
    Arrays.fill(inputs, TaggedWords.END);
    Arrays.fill(targets, Ids.IGNORED);
    int[] ids = new int[2 * most];
    for (int row = 0; row < numbers.length; row++) {
      int length = length(numbers[row]);
      corpus.copy(starts[numbers[row]], ids, 0, 2 * length);
      for (int t = 0; t < length; t++) {
        inputs[row * time + t] = ids[2 * t];
        int tag = ids[2 * t + 1] - words;
        targets[row * time + t] = tag < tags ? tag : Ids.IGNORED;
      }
    }
    return new Batch(new Ids(inputs, rows, time), new Ids(targets, rows, time));
  }

  /** The words of a sentence. */
  private int length(int number) {
    return (int) ((starts[number + 1] - starts[number] - 1) / 2);
  }
}
