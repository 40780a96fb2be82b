package org.wordmill.train;

import java.io.Serializable;
import java.util.List;

/**
 * A data mixture: the sources of a training text, each with the share of the training windows that
 * it gives, whatever its size. A small source of a large weight repeats, a large one of a small
 * weight is subsampled. Source: Brown et al., Language models are few-shot learners, Table 2.2.
 *
 * @param sources in their order; none where all of the text is one
 */
public record DataMix(List<Source> sources) implements Serializable {
  /** Text that is not mixed. */
  public static final DataMix NONE = new DataMix(List.of());

  /**
   * One of the texts.
   *
   * @param source its paths: files, directories, globs
   * @param weight above 0; the weights of a mix are divided by their sum
   */
  public record Source(List<String> source, double weight) implements Serializable {

    public Source {
      source = List.copyOf(source);
      if (source.isEmpty() || source.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException("a source needs a path, got " + source);
      }
      if (!(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("a weight must be above 0 and finite, got " + weight);
      }
    }

    /** What people call it: its paths. */
    public String name() {
      return String.join(", ", source);
    }
  }

  public DataMix {
    sources = List.copyOf(sources);
    double sum = sources.stream().mapToDouble(Source::weight).sum();
    if (Double.isInfinite(sum)) {
      throw new IllegalArgumentException("the sum of the weights of a mix must be finite");
    }
  }

  /** Whether there is one. */
  public boolean isPresent() {
    return !sources.isEmpty();
  }

  /** The share of the windows that each source gives; they add up to 1. */
  public double[] shares() {
    double sum = sources.stream().mapToDouble(Source::weight).sum();
    return sources.stream().mapToDouble(source -> source.weight() / sum).toArray();
  }
}
