package org.wordmill.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;
import org.wordmill.optim.UpdateRule;
import org.wordmill.text.Characters;

/** A training run small enough for a test: a Transformer of one layer on one sentence repeated. */
public final class SmallRun {
  /** One sentence, many times. */
  public static final String TEXT = "the quick brown fox jumps over the lazy dog\n".repeat(60);

  /** Other text of the same characters. */
  public static final String VALIDATION = "the dog jumps over the quick fox\n".repeat(5);

  private SmallRun() {}

  public static Characters tokenizer() {
    return Characters.fromText(TEXT);
  }

  public static int vocabularySize() {
    return tokenizer().vocabulary().size();
  }

  public static Tokens training() {
    return TokenArray.of(tokenizer().encode(TEXT));
  }

  public static Tokens validation() {
    return TokenArray.of(tokenizer().encode(VALIDATION));
  }

  /** 20 steps of 12 sequences of 8 tokens, in 2 partitions. */
  public static TrainingConfig config() {
    return new TrainingConfig(
        new TransformerConfig(vocabularySize(), 8, 1, 2, 16, 0),
        Batching.of(12, 2),
        new Optimization(
            new AdamW(0.9, 0.99, 1e-8, 0.1),
            new LearningRate.Cosine(1e-2, 1e-3, 3, 20),
            new GradientClipping(1),
            Optimization.NON_FINITE_LIMIT),
        new Schedule(20, 1, 5, 0, 5, 2),
        KernelChoice.REFERENCE,
        7);
  }

  public static TrainingConfig with(TrainingConfig c, Batching batching) {
    return new TrainingConfig(
        c.model(), batching, c.optimization(), c.schedule(), c.kernels(), c.seed());
  }

  public static TrainingConfig with(TrainingConfig c, LearningRate rate) {
    Optimization o = c.optimization();
    return new TrainingConfig(
        c.model(),
        c.batching(),
        new Optimization(o.rule(), rate, o.clipping(), o.nonFiniteLimit()),
        c.schedule(),
        c.kernels(),
        c.seed());
  }

  public static TrainingConfig with(TrainingConfig c, UpdateRule rule) {
    Optimization o = c.optimization();
    return new TrainingConfig(
        c.model(),
        c.batching(),
        new Optimization(rule, o.learningRate(), o.clipping(), o.nonFiniteLimit()),
        c.schedule(),
        c.kernels(),
        c.seed());
  }

  /** Skips steps that are outliers by so many standard deviations. */
  public static TrainingConfig withSpikeThreshold(TrainingConfig c, double threshold) {
    Optimization o = c.optimization();
    return new TrainingConfig(
        c.model(),
        c.batching(),
        new Optimization(o.rule(), o.learningRate(), o.clipping(), o.nonFiniteLimit(), threshold),
        c.schedule(),
        c.kernels(),
        c.seed());
  }

  public static TrainingConfig withSteps(TrainingConfig c, long steps) {
    Schedule s = c.schedule();
    Schedule shorter =
        new Schedule(
            steps,
            s.logInterval(),
            s.evaluationInterval(),
            s.evaluationBatches(),
            s.checkpointInterval(),
            s.keepLast());
    return new TrainingConfig(
        c.model(), c.batching(), c.optimization(), shorter, c.kernels(), c.seed());
  }

  public static TrainingConfig with(TrainingConfig c, Schedule schedule) {
    return new TrainingConfig(
        c.model(), c.batching(), c.optimization(), schedule, c.kernels(), c.seed());
  }

  public static TrainingConfig withSeed(TrainingConfig c, long seed) {
    return new TrainingConfig(
        c.model(), c.batching(), c.optimization(), c.schedule(), c.kernels(), seed);
  }

  public static TrainingConfig withDropout(TrainingConfig c, double dropout) {
    return new TrainingConfig(
        new TransformerConfig(vocabularySize(), 8, 1, 2, 16, dropout),
        c.batching(),
        c.optimization(),
        c.schedule(),
        c.kernels(),
        c.seed());
  }

  public static TrainingConfig withVocabulary(TrainingConfig c, int size) {
    return c.withVocabularySize(size);
  }

  public static TrainingConfig with(TrainingConfig c, ModelConfig model) {
    return new TrainingConfig(
        model, c.batching(), c.optimization(), c.schedule(), c.kernels(), c.seed());
  }

  /**
   * Trains in one thread, whose bits those of every way of synchronising must be.
   *
   * @param folder for the checkpoints
   */
  public static RecordedMetrics train(TrainingConfig config, Path folder, boolean resume) {
    RecordedMetrics metrics = new RecordedMetrics();
    LocalTrainer.train(
        config,
        tokenizer(),
        training(),
        validation(),
        new Checkpoints(new LocalCheckpointStore(folder), metrics::notice),
        resume,
        metrics);
    return metrics;
  }

  /** The parameters of the newest checkpoint, as they are stored. */
  public static byte[] parameters(Path folder) throws IOException {
    String newest =
        new Checkpoints(new LocalCheckpointStore(folder), notice -> {}).list().get(0).directory();
    return Files.readAllBytes(folder.resolve(newest).resolve("parameters.f32"));
  }
}
