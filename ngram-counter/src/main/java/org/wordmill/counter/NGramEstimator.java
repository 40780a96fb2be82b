package org.wordmill.counter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.AbsoluteDiscounting;
import org.wordmill.ngram.CountSmoothing;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.OrderWeights;
import org.wordmill.text.TextPolicy;

/**
 * Estimates an n-gram model from text on Spark and writes it as ARPA, as Parquet, or as both. The
 * package documentation draws the chain of shuffles; the numbers are those of the textbook
 * formulas, the same for any number of partitions and machines.
 */
public final class NGramEstimator {
  private static final Logger LOG = LoggerFactory.getLogger(NGramEstimator.class);
  private static final Discounts NO_DISCOUNTS = new Discounts(0, 0, 0);

  private final JavaSparkContext spark;

  public NGramEstimator(JavaSparkContext spark) {
    this.spark = spark;
  }

  public NGramEstimator(SparkSession spark) {
    this(JavaSparkContext.fromSparkContext(spark.sparkContext()));
  }

  /**
   * Estimates a model by Kneser-Ney from text in files.
   *
   * @param input a file, directory or glob
   * @param order N
   * @param arpa a file that is not there yet
   * @throws WordmillException as {@link #estimate(TextInput, EstimateOptions, ModelTarget...)}
   */
  public EstimateReport estimate(String input, int order, String arpa) {
    return estimate(
        TextInput.of(input), EstimateOptions.ofOrder(order), new ArpaTarget(arpa, false));
  }

  /**
   * Estimates a model by Kneser-Ney from the texts of a Dataset.
   *
   * @param texts whose one column of strings holds text; a line of it is a sentence
   * @param order N
   * @param arpa a file that is not there yet
   * @throws WordmillException as {@link #estimate(Dataset, TextPolicy, EstimateOptions,
   *     ModelTarget...)}
   */
  public EstimateReport estimate(Dataset<?> texts, int order, String arpa) {
    return estimate(
        texts, TextPolicy.DEFAULT, EstimateOptions.ofOrder(order), new ArpaTarget(arpa, false));
  }

  /**
   * Reads the texts of a Dataset, estimates the model, and writes it.
   *
   * @param texts whose one column of strings holds text; a line of it is a sentence
   * @throws WordmillException USAGE when there is not one column of strings; else as {@link
   *     #estimate(TextInput, EstimateOptions, ModelTarget...)}
   */
  public EstimateReport estimate(
      Dataset<?> texts, TextPolicy policy, EstimateOptions options, ModelTarget... targets) {
    JavaRDD<byte[]> rows = Rows.texts(texts);
    TextInput input = TextInput.ofRows(policy);
    return estimate(() -> Corpus.read(spark, rows, input), options, targets);
  }

  /**
   * Reads the text, estimates the model, and writes it.
   *
   * @throws WordmillException STORAGE when the input is missing, the target exists or storage
   *     fails; BAD_INPUT when the text is empty, refused by its policy, corrupt, or gives no
   *     discounts and no fallback was asked for
   */
  public EstimateReport estimate(TextInput input, EstimateOptions options, ModelTarget... targets) {
    return estimate(
        () ->
            Corpus.read(
                spark,
                input,
                bytes -> SpacePlan.ofModel(bytes, options, targets).check(spark, LOG)),
        options,
        targets);
  }

  /**
   * Reads counts, estimates the model, and writes it: byte for byte that of the text which was
   * counted, or of all the texts, if there is as large a number of partitions.
   *
   * @throws WordmillException STORAGE when the counts are missing, the target exists or storage
   *     fails; CORRUPT when a file is none of counts; BAD_INPUT when the counts are not those of
   *     all n-grams up to the order, or give no discounts and no fallback was asked for
   */
  public EstimateReport estimate(
      CountInput input, EstimateOptions options, ModelTarget... targets) {
    return estimate(() -> CountedCorpus.read(spark, input), options, targets);
  }

  private EstimateReport estimate(
      Supplier<? extends GramSource> text, EstimateOptions options, ModelTarget... targets) {
    return SparkFaults.unwrapping(
        ModelOutputs.names(List.of(targets)),
        () -> {
          Stages stages = new Stages(spark, LOG, 4);
          try (ModelOutputs outputs = ModelOutputs.begin(targets, spark.hadoopConfiguration());
              GramSource corpus = readText(stages, text)) {
            return new Run(stages, corpus, options, outputs).run();
          } finally {
            stages.end();
          }
        });
  }

  private static GramSource readText(Stages stages, Supplier<? extends GramSource> text) {
    stages.begin("read", "Read the text and count its words");
    GramSource corpus = text.get();
    stages.done(
        String.format(
            Locale.ROOT, "%,d tokens in %,d sentences", corpus.tokens(), corpus.sentences()));
    return corpus;
  }

  /** One estimation, from the encoded text on. */
  private static final class Run {
    private final Stages stages;
    private final GramSource corpus;
    private final EstimateOptions options;
    private final KneserNeyOptions model;
    private final int order;
    private final ModelOutputs outputs;
    private final int partitions;
    private final Discounts[] discounts;
    private final OrderWeights[] weights;

    Run(Stages stages, GramSource corpus, EstimateOptions options, ModelOutputs outputs) {
      this.stages = stages;
      this.corpus = corpus;
      this.options = options;
      this.model = options.model();
      this.order = model.order();
      this.outputs = outputs;
      this.partitions = GramShuffles.partitions(options.partitions(), corpus, stages.spark());
      this.discounts = new Discounts[order + 1];
      Arrays.fill(discounts, NO_DISCOUNTS);
      this.weights = new OrderWeights[order + 1];
    }

    EstimateReport run() throws java.io.IOException {
      GramStatistics statistics = new GramStatistics(order);
      JavaPairRDD<Integer, byte[]> adjusted = null;
      if (order > 1) {
        stages.begin("count", "Count the n-grams and their left extensions");
        adjusted = adjustedCounts();
        List<byte[]> encoded = GramShuffles.statistics(adjusted, order, partitions);
        encoded.forEach(statistics::merge);
        stages.done(
            String.format(Locale.ROOT, "%,d n-grams of order %d", statistics.all(order), order));
      }
      corpus.requireWhole(statistics.words(), order);
      UnigramModel unigrams = estimateUnigrams(statistics);
      if (adjusted != null) {
        stages.begin("estimate", "Compute probabilities by context and interpolate them");
        writeLongerGrams(adjusted, unigrams);
        stages.done("");
      }
      stages.begin("write", "Put the model together");
      long[] entries = IntStream.rangeClosed(1, order).mapToLong(statistics::kept).toArray();
      outputs.finish(
          entries, Interpolation.unigramLines(unigrams, corpus.vocabulary().value(), order == 1));
      stages.done(
          String.format(Locale.ROOT, "%,d entries in %s", LongStream.of(entries).sum(), outputs));
      return report(statistics);
    }

    private JavaPairRDD<Integer, byte[]> adjustedCounts() {
      Packing packing = corpus.packing();
      int gramOrder = order;
      int targets = partitions;
      UsedCount used = options.smoothing().usedCount();
      long[] thresholds = new long[order + 1];
      for (int n = 1; n <= order; n++) {
        thresholds[n] = model.threshold(n);
      }
      JavaPairRDD<Integer, byte[]> adjusted =
          corpus
              .paddedGrams(order, partitions)
              .mapPartitionsToPair(
                  blocks ->
                      new AdjustedCounts(packing, blocks, gramOrder, targets, used, thresholds));
      return BlockSerializer.shuffle(adjusted, partitions + 1);
    }

    private UnigramModel estimateUnigrams(GramStatistics statistics) {
      WordTable vocabulary = corpus.vocabulary().value();
      UsedCount used = options.smoothing().usedCount();
      // As in KenLM, where <unk> stands for words that the text has not.
      boolean unknownCounted = used != UsedCount.ADJUSTED || corpus.isUnknownCounted();
      long[] counts = new long[vocabulary.size()];
      boolean[] kept = new boolean[counts.length];
      for (int word = 0; word < counts.length; word++) {
        boolean uncounted = word == Words.BEGIN || word == Words.UNKNOWN && !unknownCounted;
        long raw = vocabulary.countOf(word);
        long adjusted = order == 1 ? raw : statistics.words().get(word, WordSums.BEFORE);
        counts[word] = uncounted ? 0 : used.of(adjusted, raw, order == 1);
        kept[word] = word < Words.RESERVED || raw > model.threshold(1);
        statistics.add(1, counts[word], kept[word]);
      }
      // <s> is not predicted.
      long words = statistics.kept(1) - 1;
      for (int n = 1; n <= order; n++) {
        weigh(n, statistics, words);
      }
      return UnigramModel.estimate(
          counts,
          kept,
          statistics.words(),
          weights[1],
          weights[Math.min(2, order)],
          model.interpolateUnigrams());
    }

    private void weigh(int n, GramStatistics statistics, long words) {
      long[] countsOfCounts = statistics.countsOfCounts(n);
      Optional<CountSmoothing> formula = options.smoothing().formula(options.parameter());
      if (formula.isPresent()) {
        weights[n] = formula.get().weights(n, countsOfCounts, words, model);
        if (formula.get() instanceof AbsoluteDiscounting absolute) {
          double discount = absolute.discount(n, countsOfCounts, model);
          discounts[n] = new Discounts(discount, discount, discount);
        }
      } else {
        if (options.smoothing() == Smoothing.KNESER_NEY) {
          discounts[n] = Discounts.fromCountsOfCounts(n, countsOfCounts, model.fallback());
        }
        weights[n] = discounts[n];
      }
      LOG.info("order {}: {} n-grams, {}", n, statistics.all(n), discounts[n]);
    }

    private void writeLongerGrams(JavaPairRDD<Integer, byte[]> adjusted, UnigramModel unigrams) {
      Packing packing = corpus.packing();
      int gramOrder = order;
      int targets = partitions;
      OrderWeights[] byOrder = weights;
      Broadcast<WordTable> vocabulary = corpus.vocabulary();
      Broadcast<UnigramModel> shared = stages.spark().broadcast(unigrams);
      try {
        JavaPairRDD<Integer, byte[]> normalized =
            adjusted.mapPartitionsToPair(
                blocks ->
                    new Normalization(
                        packing,
                        GramShuffles.withoutStatistics(blocks, targets),
                        gramOrder,
                        targets,
                        byOrder,
                        shared.value()));
        JavaPairRDD<Integer, byte[]> lines =
            BlockSerializer.shuffle(normalized, partitions)
                .mapPartitionsToPair(
                    blocks ->
                        new Interpolation(
                            packing, blocks, gramOrder, shared.value(), vocabulary.value()));
        outputs.writeParts(lines);
      } finally {
        shared.destroy();
      }
    }

    private EstimateReport report(GramStatistics statistics) {
      List<EstimateReport.Order> orders = new ArrayList<>();
      for (int n = 1; n <= order; n++) {
        List<Long> countsOfCounts =
            LongStream.of(statistics.countsOfCounts(n)).skip(1).boxed().toList();
        orders.add(
            new EstimateReport.Order(
                n,
                statistics.kept(n),
                statistics.all(n) - statistics.kept(n),
                discounts[n],
                countsOfCounts));
      }
      return new EstimateReport(
          outputs.arpa(),
          outputs.parquet(),
          options.smoothing(),
          Collections.unmodifiableList(orders),
          corpus.tokens(),
          corpus.unknown(),
          corpus.sentences(),
          corpus.vocabulary().value().size(),
          corpus.report(),
          corpus.splitCount(),
          partitions,
          stages.seconds(),
          stages.tasks());
    }
  }
}
