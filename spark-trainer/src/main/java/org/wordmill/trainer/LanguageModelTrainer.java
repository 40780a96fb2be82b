package org.wordmill.trainer;

import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;
import org.wordmill.text.TextPolicy;
import org.wordmill.train.Batching;
import org.wordmill.train.Optimization;
import org.wordmill.train.Schedule;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;
import org.wordmill.train.TrainingReport;

/**
 * Trains a neural language model from text in files with few words, and leaves all choices open:
 * what is not said is a small Transformer on characters. Behind it is {@link DataParallelTrainer}.
 *
 * <pre>
 * TrainingReport report =
 *     new LanguageModelTrainer(spark)
 *         .transformer(64, 4, 4, 128)
 *         .steps(2000)
 *         .validation("valid.txt")
 *         .train("train.txt", "run");
 * </pre>
 *
 * <p>The output is a directory of checkpoints that {@link DataParallelTrainer#open} opens, and that
 * {@code score} and {@code generate} take. Methods change this trainer and return it; it belongs to
 * one thread. On a cluster the Spark settings have to be those of {@link TrainerSettings}.
 */
public final class LanguageModelTrainer {
  private static final int PARTITIONS = 2;
  private static final double MINIMUM_SHARE = 0.1;

  private final SparkSession spark;
  private ModelConfig model = TransformerConfigs.small();
  private Tokenization tokenization =
      Tokenization.characters(TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN));
  private List<String> validation = List.of();
  private long steps = 1000;
  private int sequences = 16;
  private double learningRate = 2e-3;
  private boolean resume;
  private TrainingListener listener = new TrainingListener() {};

  public LanguageModelTrainer(SparkSession spark) {
    this.spark = spark;
  }

  /** Trains any language model; the size of its vocabulary is 0, and becomes the tokenizer's. */
  public LanguageModelTrainer model(ModelConfig choice) {
    model = choice;
    return this;
  }

  /**
   * Trains a Transformer with learned positions and norms before its layers.
   *
   * @param contextLength T, tokens
   * @param layers blocks
   * @param heads of attention, which divide the width
   * @param width C
   */
  public LanguageModelTrainer transformer(int contextLength, int layers, int heads, int width) {
    return model(TransformerConfigs.of(contextLength, layers, heads, width));
  }

  /** Chooses what a token is. */
  public LanguageModelTrainer tokenization(Tokenization choice) {
    tokenization = choice;
    return this;
  }

  /**
   * Takes words as tokens, the most frequent ones; others are {@code <unk>}.
   *
   * @param vocabularyLimit how many; 0 for all
   */
  public LanguageModelTrainer words(int vocabularyLimit) {
    return tokenization(
        Tokenization.words(
            vocabularyLimit, TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN)));
  }

  /**
   * Watches the loss on held-out text, ten times in the run.
   *
   * @param text a file, directory or glob
   */
  public LanguageModelTrainer validation(String text) {
    validation = List.of(text);
    return this;
  }

  /** The steps of the run, 1000 unless said. */
  public LanguageModelTrainer steps(long count) {
    steps = count;
    return this;
  }

  /** The sequences of a step, all partitions together; an even number, 16 unless said. */
  public LanguageModelTrainer sequences(int count) {
    sequences = count;
    return this;
  }

  /**
   * The highest learning rate, from which it falls as half a cosine to a tenth; 2e-3 unless said.
   */
  public LanguageModelTrainer learningRate(double peak) {
    learningRate = peak;
    return this;
  }

  /** Whether to go on from the newest checkpoint of the output. */
  public LanguageModelTrainer resume(boolean choice) {
    resume = choice;
    return this;
  }

  /** Who is told of every step. */
  public LanguageModelTrainer listener(TrainingListener choice) {
    listener = choice;
    return this;
  }

  /**
   * Trains with the choices made so far.
   *
   * @param text a file, directory or glob
   * @param output the directory of the run, which is not there yet unless it is resumed
   * @throws WordmillException for every fault that the user can act on
   */
  public TrainingReport train(String text, String output) {
    return train(config(), text, output);
  }

  /**
   * Trains with a whole configuration, such as a preset's; of the choices made so far, validation,
   * tokens, listener and resuming hold.
   *
   * @throws WordmillException as {@link #train(String, String)}
   */
  public TrainingReport train(TrainingConfig config, String text, String output) {
    requireSerializer();
    return DataParallelTrainer.train(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        new TrainingJob(
            List.of(text), validation, output, resume, tokenization, Synchronization.AUTO, config),
        listener);
  }

  private TrainingConfig config() {
    long tenth = Math.max(1, steps / 10);
    try {
      return new TrainingConfig(
          model,
          Batching.of(sequences, PARTITIONS),
          new Optimization(
              new AdamW(0.9, 0.99, 1e-8, 0.1),
              new LearningRate.Cosine(
                  learningRate, MINIMUM_SHARE * learningRate, Math.min(100, tenth), steps),
              new GradientClipping(1),
              Optimization.NON_FINITE_LIMIT),
          new Schedule(steps, Math.min(10, tenth), validation.isEmpty() ? 0 : tenth, 0, tenth, 2),
          KernelChoice.AUTO,
          1);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.USAGE, String.valueOf(e.getMessage()), "", "choose other numbers", e);
    }
  }

  private void requireSerializer() {
    SparkConf conf = spark.sparkContext().conf();
    boolean local = Synchronization.localSlots(spark.sparkContext().master()) > 0;
    if (!local && !conf.get("spark.kryo.registrator", "").contains("TrainerKryoRegistrator")) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the Spark session was not made for training",
          String.format(
              Locale.ROOT, "spark.kryo.registrator = '%s'", conf.get("spark.kryo.registrator", "")),
          "make its SparkConf with TrainerSettings.apply");
    }
  }

  /** Transformers as most people have them. */
  private static final class TransformerConfigs {
    private TransformerConfigs() {}

    static TransformerConfig small() {
      return of(64, 2, 2, 64);
    }

    static TransformerConfig of(int contextLength, int layers, int heads, int width) {
      return new TransformerConfig(0, contextLength, layers, heads, width, 0);
    }
  }
}
