package org.wordmill.counter;

import java.io.Serializable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.KneserNeyOptions;

/**
 * The choices of an estimation on Spark.
 *
 * @param model order 1 to {@value #MAX_ORDER}, pruning, interpolation of unigrams, fallback
 *     discounts
 * @param partitions of each shuffle; 0 to choose by the number of tokens and cores
 */
public record EstimateOptions(KneserNeyOptions model, Smoothing smoothing, int partitions)
    implements Serializable {

  /** The longest n-grams that the packed records hold. */
  public static final int MAX_ORDER = Packing.MAX_ORDER;

  /** Kneser-Ney without pruning. */
  public static EstimateOptions ofOrder(int order) {
    return new EstimateOptions(KneserNeyOptions.ofOrder(order), Smoothing.KNESER_NEY, 0);
  }

  public EstimateOptions {
    if (model.order() > MAX_ORDER) {
      throw new WordmillException(
          ExitCode.USAGE, "the order is " + model.order() + ", expected 1 to 8", "--order", "");
    }
    if (partitions < 0) {
      throw new WordmillException(
          ExitCode.USAGE, "the number of partitions is " + partitions, "--partitions", "");
    }
  }

  public EstimateOptions withModel(KneserNeyOptions choice) {
    return new EstimateOptions(choice, smoothing, partitions);
  }

  public EstimateOptions withSmoothing(Smoothing choice) {
    return new EstimateOptions(model, choice, partitions);
  }

  public EstimateOptions withPartitions(int choice) {
    return new EstimateOptions(model, smoothing, choice);
  }
}
