package org.wordmill.ml;

import java.util.List;
import java.util.Locale;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

/**
 * The choices of scoring a corpus.
 *
 * @param format of the input
 * @param textField the column or field that holds the text; of {@link Format#TEXT}, the column that
 *     is written
 * @param outputFormat that of the input, or, of {@link Format#TEXT}, any
 * @param malformed what to do with a row that is not UTF-8, or not JSON: a JSON line cannot be
 *     repaired, so it is an error unless such rows are dropped
 * @param keepBelow rows of this perplexity or more are left out, and those without a text; positive
 *     infinity keeps all
 * @param percentiles ascending, above 0 and below 100: where the rows are cut into buckets by their
 *     perplexity; none for no buckets
 * @param overwrite whether an output that is there is replaced, once the new one is complete
 */
public record ScoreOptions(
    Format format,
    String textField,
    Format outputFormat,
    TextPolicy.Malformed malformed,
    double keepBelow,
    List<Double> percentiles,
    boolean overwrite) {

  /** How rows are stored. */
  public enum Format {
    /** A line is a row, and all of it text. */
    TEXT,
    /** A line is a row: a JSON object, which comes out as it was with fields added at its end. */
    JSONL,
    /** A table, which comes out with columns added. */
    PARQUET;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All rows, with malformed bytes replaced, the text being {@code text}; lines as Parquet. */
  public static ScoreOptions of(Format format) {
    return new ScoreOptions(
        format,
        "text",
        format == Format.TEXT ? Format.PARQUET : format,
        TextPolicy.Malformed.REPLACE,
        Double.POSITIVE_INFINITY,
        List.of(),
        false);
  }

  public ScoreOptions {
    percentiles = List.copyOf(percentiles);
    if (format != Format.TEXT && outputFormat != format) {
      throw usage(
          "rows of " + format + " cannot be written as " + outputFormat,
          "output format " + outputFormat,
          "leave it out");
    }
    if (!(keepBelow > 1)) {
      throw usage(
          "the largest perplexity to keep is " + keepBelow,
          "keep-below",
          "choose one above 1, which is the smallest that there is");
    }
    double last = 0;
    for (double percentile : percentiles) {
      if (!(percentile > last && percentile < 100)) {
        throw usage(
            "the percentiles " + percentiles + " do not ascend between 0 and 100",
            "buckets",
            "give 33,67, for example");
      }
      last = percentile;
    }
  }

  private static WordmillException usage(String what, String where, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, where, remedy);
  }

  public ScoreOptions withTextField(String choice) {
    return new ScoreOptions(
        format, choice, outputFormat, malformed, keepBelow, percentiles, overwrite);
  }

  public ScoreOptions withOutputFormat(Format choice) {
    return new ScoreOptions(
        format, textField, choice, malformed, keepBelow, percentiles, overwrite);
  }

  public ScoreOptions withMalformed(TextPolicy.Malformed choice) {
    return new ScoreOptions(
        format, textField, outputFormat, choice, keepBelow, percentiles, overwrite);
  }

  public ScoreOptions withKeepBelow(double perplexity) {
    return new ScoreOptions(
        format, textField, outputFormat, malformed, perplexity, percentiles, overwrite);
  }

  public ScoreOptions withPercentiles(List<Double> choice) {
    return new ScoreOptions(
        format, textField, outputFormat, malformed, keepBelow, choice, overwrite);
  }

  public ScoreOptions withOverwrite(boolean choice) {
    return new ScoreOptions(
        format, textField, outputFormat, malformed, keepBelow, percentiles, choice);
  }
}
