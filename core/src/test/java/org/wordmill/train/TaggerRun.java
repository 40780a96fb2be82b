package org.wordmill.train;

import java.util.List;
import java.util.stream.IntStream;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.CellKind;
import org.wordmill.model.RecurrentTaggerConfig;
import org.wordmill.model.TaggerConfig;
import org.wordmill.text.TagCounts;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TaggedWords;
import org.wordmill.text.synthetic.TaggedLanguage;

/** The training of a small tagger for a test. */
public final class TaggerRun {
  /** Sentences to learn from. */
  public static final List<TaggedSentence> TEXT = TaggedLanguage.sentences(1).limit(90).toList();

  /** Other sentences. */
  public static final List<TaggedSentence> VALIDATION =
      TaggedLanguage.sentences(2).limit(20).toList();

  private TaggerRun() {}

  public static TaggedWords words() {
    TagCounts counts = new TagCounts();
    TEXT.forEach(counts::add);
    return counts.words(2);
  }

  /** The ids of sentences, one after the other. */
  public static Tokens tokens(List<TaggedSentence> sentences) {
    TaggedWords words = words();
    return TokenArray.of(
        sentences.stream().flatMapToInt(s -> IntStream.of(words.encode(s, 0, s.size()))).toArray());
  }

  /** 12 steps of 8 sentences in 2 partitions; words and tags are still open. */
  public static TrainingConfig config() {
    TrainingConfig c = SmallRun.config();
    TaggerConfig model = new RecurrentTaggerConfig(0, 0, 32, 6, 1, 5, CellKind.RNN, true, 0.1, 2);
    return new TrainingConfig(
        model,
        new Batching(8, 2, 2),
        c.optimization(),
        new Schedule(12, 1, 4, 0, 4, 2),
        KernelChoice.AUTO,
        3);
  }

  /** The same with the words and tags of {@link #TEXT}. */
  public static TrainingConfig settled(TrainingConfig c) {
    return c.withModel(c.model().settledFor(words()));
  }
}
