package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.wordmill.text.Vocabulary;

/**
 * The linear interpolation of n-gram models as one table: the n-grams of all of them, each with the
 * probability
 *
 * <pre>
 * p(w|h) = sum over i of lambda_i p_i(w|h)
 * </pre>
 *
 * and back-off weights that make it a distribution, as SRILM's {@code -mix-lm} does. An n-gram that
 * none of the models has backs off in the table as a whole, where the {@link
 * org.wordmill.lm.Mixture} of the models would let each back off by itself; so the two differ
 * there, and nowhere else.
 *
 * <p>The models may know different words: one that a model does not know has probability 0 in it,
 * and is {@code <unk>} in a history. In memory: about 60 bytes for each n-gram, beside the models.
 */
public final class StaticMixture {
  private final List<BackoffModel> models;
  private final double[] shares;
  private final Vocabulary vocabulary;

  /** By model, its id of each word; NONE for those that it does not know. */
  private final int[][] ids;

  private StaticMixture(List<BackoffModel> models, double[] shares) {
    this.models = models;
    this.shares = shares;
    Set<String> words = new LinkedHashSet<>();
    models.forEach(model -> words.addAll(model.vocabulary().tokens()));
    vocabulary = new Vocabulary(List.copyOf(words));
    ids = new int[models.size()][vocabulary.size()];
    for (int m = 0; m < ids.length; m++) {
      Vocabulary own = models.get(m).vocabulary();
      Arrays.setAll(
          ids[m],
          word ->
              own.contains(vocabulary.token(word))
                  ? own.id(vocabulary.token(word))
                  : Vocabulary.NONE);
    }
  }

  /**
   * Mixes models.
   *
   * @param weights one for each model, not negative; they are divided by their sum
   */
  public static BackoffModel mix(List<BackoffModel> models, double... weights) {
    double sum = Arrays.stream(weights).sum();
    if (models.isEmpty()
        || models.size() != weights.length
        || Arrays.stream(weights).anyMatch(w -> !(w >= 0))
        || !(sum > 0)
        || Double.isInfinite(sum)) {
      throw new IllegalArgumentException(
          models.size() + " models with the weights " + Arrays.toString(weights));
    }
    return new StaticMixture(
            List.copyOf(models), Arrays.stream(weights).map(w -> w / sum).toArray())
        .mix();
  }

  private BackoffModel mix() {
    int order = models.stream().mapToInt(BackoffModel::order).max().orElseThrow();
    NgramLevel[] levels = union(order);
    double[][] probabilities = new double[order][];
    for (int k = 1; k <= order; k++) {
      probabilities[k - 1] = new double[k == 1 ? vocabulary.size() : levels[k - 2].size()];
    }
    DraftTable table = new DraftTable(vocabulary, levels, probabilities);
    double[][] rest = new double[order - 1][];
    for (int k = 1; k <= order; k++) {
      if (k < order) {
        rest[k - 1] = new double[table.size(k)];
        Arrays.fill(rest[k - 1], 1);
      }
      for (int i = 0; i < table.size(k); i++) {
        double p = probability(table.words(k, i));
        probabilities[k - 1][i] = p;
        if (k > 1) {
          rest[k - 2][levels[k - 2].prefix(i)] -= p;
        }
      }
    }
    probabilities[0][vocabulary.begin()] = 1; // By convention: log10 p(<s>) = 0 in files.
    table.weigh(rest);
    return table.toModel();
  }

  /** The n-grams of all models; a model's n-gram has its context in the model, so here too. */
  private NgramLevel[] union(int order) {
    List<NgramLevel> levels = new ArrayList<>();
    List<int[]> ours =
        models.stream()
            .map(model -> model.vocabulary().tokens().stream().mapToInt(vocabulary::id).toArray())
            .toList();
    for (int k = 2; k <= order; k++) {
      NgramLevel level = new NgramLevel(1 << 10);
      int[] ngram = new int[k];
      for (int m = 0; m < models.size(); m++) {
        BackoffModel model = models.get(m);
        int[] words = ours.get(m);
        for (int i = 0; k <= model.order() && i < model.size(k); i++) {
          model.ngram(k, i, ngram);
          int entry = words[ngram[0]];
          for (int j = 2; j < k; j++) {
            entry = levels.get(j - 2).find(entry, words[ngram[j - 1]]);
          }
          level.add(entry, words[ngram[k - 1]]);
        }
      }
      levels.add(level);
    }
    return levels.toArray(NgramLevel[]::new);
  }

  private double probability(int[] ngram) {
    int word = ngram[ngram.length - 1];
    double p = 0;
    for (int m = 0; m < shares.length; m++) {
      BackoffModel model = models.get(m);
      if (ids[m][word] == Vocabulary.NONE) {
        continue;
      }
      NgramContext context = NgramContext.empty();
      for (int i = 0; i < ngram.length - 1; i++) {
        int known = ids[m][ngram[i]];
        context =
            (NgramContext)
                model.advance(
                    context, known == Vocabulary.NONE ? model.vocabulary().unknown() : known);
      }
      p += shares[m] * Math.pow(10, model.log10Probability(context, ids[m][word]));
    }
    return p;
  }
}
