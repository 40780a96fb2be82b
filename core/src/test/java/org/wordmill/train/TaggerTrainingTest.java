package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.TrainedModels;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.TrainedTagger;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TaggedWords;

/** Taggers in the same trainer as the language models, and what they learn from. */
final class TaggerTrainingTest {
  @TempDir private Path folder;

  private static final TaggedWords WORDS = TaggerRun.words();
  private static final TrainingConfig CONFIG = TaggerRun.settled(TaggerRun.config());

  @Test
  void anEpochHasEverySentenceOnceWithItsOwnTags() {
    Examples examples = Examples.of(CONFIG, TaggerRun.tokens(TaggerRun.TEXT));
    assertThat(examples.perEpoch()).isEqualTo(90);
    assertThat(Examples.perEpoch(CONFIG, 0, 90)).isEqualTo(90);
    List<String> seen = new ArrayList<>();
    // 45 steps of 8 are four epochs; a batch may have the end of one and the beginning of the next.
    for (long step = 0; step < 45; step++) {
      Examples.Batch batch = examples.training(step, 0, 8);
      assertThat(examples.training(step, 4, 4).inputs().values()[0])
          .isEqualTo(batch.inputs().values()[4 * batch.inputs().time()]);
      for (int row = 0; row < 8; row++) {
        seen.add(show(batch, row));
      }
    }
    List<String> expected = TaggerRun.TEXT.stream().map(TaggerTrainingTest::show).toList();
    for (int epoch = 0; epoch < 4; epoch++) {
      assertThat(seen.subList(90 * epoch, 90 * (epoch + 1)))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    assertThat(seen.subList(0, 90)).isNotEqualTo(seen.subList(90, 180)).isNotEqualTo(expected);
  }

  @Test
  void anEvaluationHasEverySentenceOnceAndFillsTheLastBatch() {
    Examples examples = Examples.of(CONFIG, TaggerRun.tokens(TaggerRun.VALIDATION));
    List<String> seen = new ArrayList<>();
    for (long first = 0; first < 20; first += 8) {
      Examples.Batch batch = examples.evaluation(first, 8);
      assertThat(batch.inputs().batch()).isEqualTo(8);
      for (int row = 0; row < Math.min(8, 20 - first); row++) {
        seen.add(show(batch, row));
      }
    }
    assertThat(seen)
        .isEqualTo(TaggerRun.VALIDATION.stream().map(TaggerTrainingTest::show).toList());
    Examples.Batch last = examples.evaluation(16, 8);
    assertThat(last.targets().counted())
        .isEqualTo(
            TaggerRun.VALIDATION.subList(16, 20).stream().mapToInt(TaggedSentence::size).sum());
  }

  @Test
  void stepsHaveFewShapes() {
    Examples examples = Examples.of(CONFIG, TaggerRun.tokens(TaggerRun.TEXT));
    Set<Integer> times = new HashSet<>();
    for (long step = 0; step < 200; step++) {
      times.add(examples.training(step, 0, 1).inputs().time());
    }
    assertThat(times).hasSizeBetween(2, 8).allMatch(time -> time % 4 == 0 && time <= 32);
  }

  @Test
  void aWordWithoutATagIsNoTarget() {
    TaggedSentence sentence =
        new TaggedSentence(List.of("they", "paint", "it"), List.of("PRON", "_", "NEW"));
    Examples examples = Examples.of(CONFIG, TaggerRun.tokens(List.of(sentence)));
    Examples.Batch batch = examples.evaluation(0, 1);
    int pron = WORDS.tags().id("PRON");
    assertThat(batch.targets().values())
        .containsExactly(pron, Ids.IGNORED, Ids.IGNORED, Ids.IGNORED);
    assertThat(batch.inputs().values())
        .containsExactly(WORDS.id("they"), WORDS.id("paint"), WORDS.id("it"), TaggedWords.END);
  }

  @Test
  void withoutSentencesThereIsNothingToLearn() {
    assertThatThrownBy(() -> Examples.of(CONFIG, TokenArray.of()).perEpoch())
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT));
  }

  @Test
  void aResumedRunGoesOnExactlyAsTheUnbrokenOne() {
    RecordedMetrics unbroken = new RecordedMetrics();
    train(CONFIG, "unbroken", false, unbroken);
    RecordedMetrics resumed = new RecordedMetrics();
    train(SmallRun.withSteps(CONFIG, 7), "stopped", false, resumed);
    train(CONFIG, "stopped", true, resumed);
    assertThat(resumed.losses()).hasSize(12).isEqualTo(unbroken.losses());
    assertThat(resumed.evaluations()).containsAllEntriesOf(unbroken.evaluations());
  }

  @Test
  void theNumberOfPartitionsChangesRoundingOnlyAndWordsAloneAreCounted() {
    RecordedMetrics one = new RecordedMetrics();
    RecordedMetrics four = new RecordedMetrics();
    TrainingReport report = train(SmallRun.with(CONFIG, new Batching(8, 2, 1)), "one", false, one);
    train(SmallRun.with(CONFIG, new Batching(8, 2, 4)), "four", false, four);
    for (int i = 0; i < one.losses().size(); i++) {
      assertThat(four.losses().get(i) / one.losses().get(i)).isCloseTo(1, within(1e-5));
    }
    // 96 sentences: the first epoch's 90, and six of the next.
    long words = TaggerRun.TEXT.stream().mapToLong(TaggedSentence::size).sum();
    assertThat(report.tokens()).isBetween(words + 6 * 4, words + 6 * 32);
    assertThat(report.loss()).isLessThan(one.losses().get(0) - 0.1);
  }

  @Test
  void theSavedTaggerTagsSentencesAloneAsTogether() {
    train(CONFIG, "run", false, new RecordedMetrics());
    LocalCheckpointStore store = new LocalCheckpointStore(folder.resolve("run"));
    TrainedTagger tagger = TrainedModels.openTagger(store, KernelChoice.AUTO, notice -> {});
    List<List<String>> sentences = new ArrayList<>();
    TaggerRun.VALIDATION.forEach(sentence -> sentences.add(sentence.words()));
    List<String> all = sentences.stream().flatMap(List::stream).toList();
    // Longer than what is read together, and than training's context.
    sentences.add(3, new ArrayList<>(all));
    sentences.get(3).addAll(all);
    sentences.add(List.of());
    List<List<String>> together = tagger.tag(sentences);
    assertThat(together).hasSameSizeAs(sentences);
    for (int i = 0; i < sentences.size(); i++) {
      assertThat(together.get(i)).hasSameSizeAs(sentences.get(i));
      assertThat(tagger.tag(List.of(sentences.get(i)))).containsExactly(together.get(i));
    }
    assertThat(sentences.get(3)).hasSizeGreaterThan(256);
    assertThatThrownBy(() -> TrainedModels.open(store, KernelChoice.AUTO, notice -> {}))
        .hasMessageContaining("not a language model");
  }

  @Test
  void aTaggerCannotLearnFromCharacters() {
    assertThatThrownBy(() -> TaggerRun.config().model().settledFor(SmallRun.tokenizer()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  /** Known words and their tags, as the tagger knows them. */
  private static String show(TaggedSentence sentence) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < sentence.size(); i++) {
      shown.append(WORDS.id(sentence.words().get(i)));
      shown.append('/').append(sentence.tags().get(i)).append(' ');
    }
    return shown.toString();
  }

  private static String show(Examples.Batch batch, int row) {
    StringBuilder shown = new StringBuilder();
    int time = batch.inputs().time();
    for (int t = row * time; t < (row + 1) * time; t++) {
      int word = batch.inputs().values()[t];
      int tag = batch.targets().values()[t];
      assertThat(word == TaggedWords.END).isEqualTo(tag == Ids.IGNORED);
      if (word != TaggedWords.END) {
        shown.append(word).append('/').append(WORDS.tags().token(tag)).append(' ');
      }
    }
    return shown.toString();
  }

  private TrainingReport train(
      TrainingConfig config, String name, boolean resume, RecordedMetrics metrics) {
    return LocalTrainer.train(
        config,
        WORDS,
        TaggerRun.tokens(TaggerRun.TEXT),
        TaggerRun.tokens(TaggerRun.VALIDATION),
        new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), metrics::notice),
        resume,
        metrics);
  }
}
