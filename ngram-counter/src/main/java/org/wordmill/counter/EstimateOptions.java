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
 * @param parameter of the smoothing, where it has one
 * @param partitions of each shuffle; 0 to choose by the number of tokens and cores
 */
public record EstimateOptions(
    KneserNeyOptions model, Smoothing smoothing, double parameter, int partitions)
    implements Serializable {

  /** The longest n-grams that the packed records hold. */
  public static final int MAX_ORDER = Packing.MAX_ORDER;

  /** Kneser-Ney without pruning. */
  public static EstimateOptions ofOrder(int order) {
    return new EstimateOptions(KneserNeyOptions.ofOrder(order), Smoothing.KNESER_NEY, 0, 0);
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
    smoothing.formula(parameter).ifPresent(formula -> formula.check(model));
  }

  public EstimateOptions withModel(KneserNeyOptions choice) {
    return new EstimateOptions(choice, smoothing, parameter, partitions);
  }

  /** With a smoothing, and its usual parameter. */
  public EstimateOptions withSmoothing(Smoothing choice) {
    return withSmoothing(choice, choice.defaultParameter());
  }

  public EstimateOptions withSmoothing(Smoothing choice, double itsParameter) {
    return new EstimateOptions(model, choice, itsParameter, partitions);
  }

  public EstimateOptions withPartitions(int choice) {
    return new EstimateOptions(model, smoothing, parameter, choice);
  }
}
