package org.wordmill.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.text.TaggedWords;

/**
 * A trained {@link Tagger}, which gives each word of a sentence the tag of the highest score. It
 * reads several sentences at once, with filling behind them, so that few shapes occur. One thread
 * at a time.
 */
public final class TrainedTagger {
  /** Sentences read at once. */
  private static final int BATCH = 32;

  /** Words of a sentence above which it is read alone, so that memory stays small. */
  private static final int LONG = 256;

  private static final int SHORTEST = 8;

  private record Shape(int batch, int time) {}

  private final Tagger model;
  private final TaggedWords words;
  private final Kernels kernels;
  private final ParameterVector values;
  private final Map<Shape, Tape> tapes = new HashMap<>();

  /**
   * @param values the learned parameters, not changed while this is used
   * @param words those of the training
   */
  public TrainedTagger(
      Tagger model, ParameterVector values, TaggedWords words, KernelChoice kernels) {
    TaggerConfig config = model.config();
    if (words.vocabulary().size() != config.vocabularySize()
        || words.tags().size() != config.tags()) {
      throw new IllegalArgumentException(
          "%d words and %d tags for a tagger of %d and %d"
              .formatted(
                  words.vocabulary().size(),
                  words.tags().size(),
                  config.vocabularySize(),
                  config.tags()));
    }
    this.model = model;
    this.words = words;
    this.kernels = kernels.create(values.flat().precision());
    this.values = values.within(this.kernels);
  }

  /** The words and tags that it knows. */
  public TaggedWords words() {
    return words;
  }

  /** The tags of the words of each sentence. */
  public List<List<String>> tag(List<List<String>> sentences) {
    List<List<String>> tagged = new ArrayList<>();
    for (int from = 0; from < sentences.size(); ) {
      int to = from + 1;
      while (sentences.get(from).size() <= LONG
          && to < Math.min(sentences.size(), from + BATCH)
          && sentences.get(to).size() <= LONG) {
        to++;
      }
      tagged.addAll(tagTogether(sentences.subList(from, to)));
      from = to;
    }
    return tagged;
  }

  private List<List<String>> tagTogether(List<List<String>> sentences) {
    int longest = sentences.stream().mapToInt(List::size).max().orElse(0);
    int batch = longest > LONG ? 1 : BATCH;
    int time = Math.max(SHORTEST, Integer.highestOneBit(Math.max(1, 2 * longest - 1)));
    int[] ids = new int[batch * time];
    Arrays.fill(ids, TaggedWords.END);
    for (int b = 0; b < sentences.size(); b++) {
      for (int t = 0; t < sentences.get(b).size(); t++) {
        ids[b * time + t] = words.id(sentences.get(b).get(t));
      }
    }
    Tape tape =
        tapes.computeIfAbsent(new Shape(batch, time), shape -> Tape.forEvaluation(kernels, values));
    tape.handOver();
    tape.reset(0);
    float[] scores = model.scores(tape, new Ids(ids, batch, time)).value().toFloats();
    List<List<String>> tagged = new ArrayList<>();
    for (int b = 0; b < sentences.size(); b++) {
      List<String> tags = new ArrayList<>();
      for (int t = 0; t < sentences.get(b).size(); t++) {
        tags.add(words.tags().token(best(scores, (b * time + t) * words.tags().size())));
      }
      tagged.add(tags);
    }
    return tagged;
  }

  /** The place of the highest score of one word, of equal ones the first. */
  private int best(float[] scores, int row) {
    int best = 0;
    for (int k = 1; k < words.tags().size(); k++) {
      if (scores[row + k] > scores[row + best]) {
        best = k;
      }
    }
    return best;
  }
}
