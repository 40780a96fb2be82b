package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.StandardInput;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ml.CorpusScoring;
import org.wordmill.ml.ScoreOptions;
import org.wordmill.ml.ScoreReport;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scoring row by row on Spark, with the rows written out. */
final class CorpusOptions {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Score every row by itself, on Spark, and write the rows with the columns perplexity,"
              + " tokens and oov. The options below are for this.")
  private @Nullable String output;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "How the rows are stored: text (lines), jsonl (a JSON object a line, which stays as it is"
              + " but for the fields at its end) or parquet. Default: text.")
  private ScoreOptions.@Nullable Format format;

  @Option(
      names = "--text-field",
      paramLabel = "NAME",
      description = "The column or field that holds the text. Default: text.")
  private @Nullable String textField;

  @Option(
      names = "--output-format",
      paramLabel = "NAME",
      description =
          "For lines of text: parquet, jsonl, or text, which has the lines alone. Default: parquet;"
              + " other rows stay in their format.")
  private ScoreOptions.@Nullable Format outputFormat;

  @Option(
      names = "--keep-below",
      paramLabel = "PPL",
      description =
          "Leave out rows whose perplexity is PPL or more, and rows without a text. Default: all"
              + " are kept.")
  private @Nullable Double keepBelow;

  @Option(
      names = "--buckets",
      split = ",",
      paramLabel = "P",
      description =
          "Percentiles of perplexity that cut the rows into folders bucket=1 (the smallest),"
              + " bucket=2, ...: 33,67 for three of them.")
  private @Nullable List<Double> buckets;

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  /** Whether this way of scoring was asked for; faults when it was half asked for. */
  boolean isPresent() {
    boolean others =
        format != null
            || textField != null
            || outputFormat != null
            || keepBelow != null
            || buckets != null
            || overwrite.overwrite();
    if (output == null && others) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no place for the rows",
          "score",
          "give --output DIR, or leave out the options for it");
    }
    return output != null;
  }

  private ScoreOptions options(TextPolicy policy) {
    ScoreOptions options =
        ScoreOptions.of(format == null ? ScoreOptions.Format.TEXT : format)
            .withMalformed(policy.malformed())
            .withOverwrite(overwrite.overwrite());
    if (textField != null) {
      options = options.withTextField(textField);
    }
    if (outputFormat != null) {
      options = options.withOutputFormat(outputFormat);
    }
    if (keepBelow != null) {
      options = options.withKeepBelow(keepBelow);
    }
    return buckets == null ? options : options.withPercentiles(buckets);
  }

  /** Runs the job on a Spark of its own, and tells what came out. */
  Map<String, Object> run(String model, List<String> inputs, TextPolicy policy, Console console) {
    ScoreOptions options = options(policy);
    try (SparkRun spark = SparkRun.forNgrams("score");
        StandardInput stdin = StandardInput.of(inputs, spark.context())) {
      ScoreReport report =
          new CorpusScoring(spark.session())
              .score(model, stdin.paths(), options, String.valueOf(output));
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("model", model);
      result.put("output", report.output());
      result.put("rows", report.rows());
      result.put("kept", report.kept());
      result.put("malformed", report.malformed());
      result.put("tokens", report.tokens());
      result.put("oov", report.oov());
      result.put("perplexity_including_oov", report.perplexity());
      if (!report.bounds().isEmpty()) {
        result.put("bucket_bounds", report.bounds());
      }
      result.put("seconds", report.seconds());
      result.put("tokens_per_second", Math.round(report.tokensPerSecond()));
      ReportFile.ofData(report.output())
          .write(result, spark.context().hadoopConfiguration(), console);
      return result;
    }
  }
}
