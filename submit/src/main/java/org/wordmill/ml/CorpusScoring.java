package org.wordmill.ml;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.wordmill.counter.FileSystems;
import org.wordmill.counter.SparkFaults;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ml.ScoreOptions.Format;

/**
 * Scores every row of a corpus on Spark, and writes the rows with their perplexities: the filter of
 * those who choose training text by a language model.
 *
 * <p>The rows come out as they were, with {@code perplexity} (double, unknown words as {@code
 * <unk>}), {@code tokens} and {@code oov} (bigint). With percentiles, they are cut into buckets by
 * their perplexity and go to folders {@code bucket=1}, of the smallest perplexities, {@code
 * bucket=2} and so on; rows without a text go to the last.
 *
 * <pre>
 * new CorpusScoring(spark)
 *     .score("model.table", List.of("pages/*.jsonl"), ScoreOptions.of(JSONL), "scored");
 * </pre>
 */
public final class CorpusScoring {
  private static final String SCORE = "wordmill score";
  private static final String BUCKET = "bucket";
  private static final double QUANTILE_ERROR = 0.001;

  /** Spark's setting of how many parts it cuts files into at least, where they can be cut. */
  private static final String PARTS = "spark.sql.files.minPartitionNum";

  /**
   * Parts of the rows for each core: as many as cores, Spark's default, leave most cores waiting
   * for the last.
   */
  private static final int PARTS_PER_CORE = 8;

  private final SparkSession spark;

  public CorpusScoring(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Reads the rows, scores them, and writes them. The output appears under its name when it is
   * complete.
   *
   * @param model an ARPA file, a table of pack, a binary file of KenLM, the output of a training,
   *     or one of its checkpoints
   * @param inputs files, directories and globs on any file system that Hadoop knows
   * @param output a directory
   * @throws WordmillException USAGE when the column of text is missing; STORAGE when model or input
   *     are missing, the output exists or storage fails; BAD_INPUT for malformed rows that the
   *     policy refuses, and when there is nothing to score; CORRUPT when the model is none
   */
  public ScoreReport score(String model, List<String> inputs, ScoreOptions options, String output) {
    return SparkFaults.unwrapping(
        output,
        () -> {
          Configuration configuration = spark.sparkContext().hadoopConfiguration();
          requireInputs(inputs, configuration);
          Path directory = new Path(output);
          FileSystem files = FileSystems.of(directory, configuration);
          directory = files.makeQualified(directory);
          requireFree(files, directory, options);
          String hidden = "." + directory.getName() + "." + UUID.randomUUID() + ".unfinished";
          Path unfinished = new Path(directory.getParent(), hidden);
          make(files, unfinished);
          try {
            SharedModel shared = SharedModel.of(spark, model);
            describe(
                "Score the rows of "
                    + (inputs.size() == 1 ? inputs.get(0) : inputs.size() + " inputs")
                    + " by "
                    + model);
            ScoreReport report =
                inSmallParts(() -> score(shared, inputs, options, unfinished, output));
            requireFree(files, directory, options);
            files.delete(directory, true);
            if (!files.rename(new Path(unfinished, "rows"), directory)) {
              throw new IOException("cannot rename " + unfinished + " to " + directory);
            }
            return report;
          } finally {
            spark.sparkContext().setJobDescription(null);
            files.delete(unfinished, true);
          }
        });
  }

  /** Has Spark cut the rows into several parts for each core, unless its settings say how many. */
  private ScoreReport inSmallParts(Supplier<ScoreReport> work) {
    RuntimeConfig settings = spark.conf();
    if (settings.getOption(PARTS).isDefined()) {
      return work.get();
    }
    settings.set(PARTS, (long) PARTS_PER_CORE * spark.sparkContext().defaultParallelism());
    try {
      return work.get();
    } finally {
      settings.unset(PARTS);
    }
  }

  private ScoreReport score(
      SharedModel model,
      List<String> inputs,
      ScoreOptions options,
      Path unfinished,
      String output) {
    long begin = System.nanoTime();
    ScoreTotals totals = new ScoreTotals(spark.sparkContext());
    Dataset<Row> rows = scored(read(inputs, options), options, model, totals);
    String place = new Path(unfinished, "rows").toString();
    List<Double> bounds = List.of();
    if (options.percentiles().isEmpty()) {
      write(rows, options).save(place);
    } else {
      String scored = new Path(unfinished, "scored").toString();
      rows.write().parquet(scored);
      Dataset<Row> written = spark.read().parquet(scored);
      describe("Find the perplexities at the percentiles");
      bounds = bounds(written, options);
      describe("Write the rows into " + (bounds.size() + 1) + " buckets");
      write(written.withColumn(BUCKET, bucket(bounds)), options).partitionBy(BUCKET).save(place);
    }
    if (totals.isEmpty()) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "there is nothing to score",
          String.join(", ", inputs),
          "name files that hold text");
    }
    return totals.report(output, bounds, (System.nanoTime() - begin) * 1e-9);
  }

  private void describe(String job) {
    spark.sparkContext().setJobDescription(job);
  }

  private Dataset<Row> read(List<String> inputs, ScoreOptions options) {
    String[] paths = inputs.toArray(String[]::new);
    if (options.format() == Format.PARQUET) {
      return table(inputs, paths);
    }
    // Only line feeds end lines, as everywhere here.
    Dataset<Row> lines =
        spark.read().option("lineSep", "\n").option("recursiveFileLookup", "true").text(paths);
    return options.format() == Format.TEXT
        ? lines.withColumnRenamed("value", options.textField())
        : lines;
  }

  private Dataset<Row> table(List<String> inputs, String[] paths) {
    try {
      return spark.read().parquet(paths);
    } catch (Exception e) {
      // Spark tells it in many ways, checked exceptions among them that Java does not see declared.
      throw new WordmillException(
          ExitCode.CORRUPT,
          "this is no Parquet table",
          String.join(", ", inputs),
          "name files of Parquet, or their format",
          e);
    }
  }

  /** The rows that are kept, with their new columns; of JSON, lines and their perplexities. */
  private static Dataset<Row> scored(
      Dataset<Row> rows, ScoreOptions options, SharedModel model, ScoreTotals totals) {
    RowScorer scorer = new RowScorer(model, totals, options);
    if (options.format() == Format.JSONL) {
      Column line = functions.col("value").cast(DataTypes.BinaryType);
      Dataset<Row> lines = batched(rows.select(line.as(SCORE)), RowScorer.JSON, scorer::jsons);
      return kept(lines).select(field(RowScorer.LINE), field(Scored.PERPLEXITY));
    }
    LanguageModelTransformer.requireText(rows.schema(), options.textField());
    List<Column> columns = new ArrayList<>();
    for (String column : rows.columns()) {
      columns.add(functions.col(LanguageModelTransformer.quoted(column)));
    }
    for (String added : RowScorer.TEXT.fieldNames()) {
      if (Arrays.asList(rows.columns()).contains(added)) {
        throw new WordmillException(
            ExitCode.USAGE,
            "there is a column '" + added + "' already",
            rows.schema().simpleString(),
            "rename it");
      }
      columns.add(field(added));
    }
    Column text =
        functions
            .col(LanguageModelTransformer.quoted(options.textField()))
            .cast(DataTypes.BinaryType);
    Dataset<Row> scored = batched(rows.withColumn(SCORE, text), RowScorer.TEXT, scorer::texts);
    return kept(scored).select(columns.toArray(Column[]::new));
  }

  /**
   * The rows with their last column, bytes, replaced by a struct that many rows get at once: a
   * function of Spark SQL has one at a time. Strings pass as the bytes that they are to Spark.
   */
  private static Dataset<Row> batched(
      Dataset<Row> rows, StructType type, RowBatches.Scorer scorer) {
    List<Column> raw = new ArrayList<>();
    List<Column> back = new ArrayList<>();
    StructType schema = new StructType();
    for (StructField field : rows.schema().fields()) {
      boolean isScore = field.name().equals(SCORE);
      boolean isString = field.dataType() instanceof StringType;
      Column column = functions.col(LanguageModelTransformer.quoted(field.name()));
      raw.add(isString ? column.cast(DataTypes.BinaryType).as(field.name()) : column);
      back.add(
          isString ? column.cast(field.dataType()).as(field.name(), field.metadata()) : column);
      DataType passes = isScore ? type : isString ? DataTypes.BinaryType : field.dataType();
      schema = schema.add(field.name(), passes, isScore || field.nullable(), field.metadata());
    }
    MapPartitionsFunction<Row, Row> batches = iterator -> new RowBatches(iterator, scorer);
    return rows.select(raw.toArray(Column[]::new))
        .mapPartitions(batches, Encoders.row(schema))
        .select(back.toArray(Column[]::new));
  }

  private static Dataset<Row> kept(Dataset<Row> rows) {
    return rows.where(functions.col(quotedScore()).isNotNull());
  }

  private static Column field(String name) {
    return functions.col(quotedScore()).getField(name).as(name);
  }

  private static String quotedScore() {
    return LanguageModelTransformer.quoted(SCORE);
  }

  /** The perplexities at the percentiles, ascending. */
  private static List<Double> bounds(Dataset<Row> scored, ScoreOptions options) {
    double[] parts = options.percentiles().stream().mapToDouble(p -> p / 100).toArray();
    double[] bounds =
        scored
            .where(functions.col(Scored.PERPLEXITY).isNotNull())
            .stat()
            .approxQuantile(Scored.PERPLEXITY, parts, QUANTILE_ERROR);
    return DoubleStream.of(bounds).boxed().toList();
  }

  private static Column bucket(List<Double> bounds) {
    Column bucket = functions.lit(bounds.size() + 1);
    for (int i = bounds.size() - 1; i >= 0; i--) {
      Column below = functions.col(Scored.PERPLEXITY).lt(bounds.get(i));
      bucket = functions.when(below, i + 1).otherwise(bucket);
    }
    return bucket;
  }

  private static DataFrameWriter<Row> write(Dataset<Row> rows, ScoreOptions options) {
    boolean bucketed = Arrays.asList(rows.columns()).contains(BUCKET);
    return switch (options.outputFormat()) {
      case PARQUET -> rows.write().format("parquet");
      case JSONL ->
          options.format() == Format.JSONL
              ? lines(rows, RowScorer.LINE, bucketed).write().format("text")
              : rows.write().option("ignoreNullFields", "false").format("json");
      case TEXT -> lines(rows, options.textField(), bucketed).write().format("text");
    };
  }

  /**
   * One column of text, which is all that files of lines hold, and the bucket where there is one.
   */
  private static Dataset<Row> lines(Dataset<Row> rows, String column, boolean bucketed) {
    Column line = functions.col(LanguageModelTransformer.quoted(column)).as("value");
    return bucketed ? rows.select(line, functions.col(BUCKET)) : rows.select(line);
  }

  private static void requireInputs(List<String> inputs, Configuration configuration)
      throws IOException {
    for (String input : inputs) {
      Path path = new Path(input);
      FileStatus[] matches = FileSystems.of(path, configuration).globStatus(path);
      if (matches == null || matches.length == 0) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "no such file, directory or glob match: " + input,
            "",
            "check the path, and on a cluster that every machine sees it");
      }
    }
  }

  /** Makes a directory, to fail now and not after an hour where nothing can be written. */
  private static void make(FileSystem files, Path directory) throws IOException {
    IOException refused = null;
    try {
      if (files.mkdirs(directory)) {
        return;
      }
    } catch (IOException e) {
      refused = e;
    }
    throw new WordmillException(
        ExitCode.STORAGE,
        "the output cannot be made" + (refused == null ? "" : ": " + refused),
        directory.getParent().toString(),
        "check that it is a directory, is permitted, and has room",
        refused);
  }

  private static void requireFree(FileSystem files, Path output, ScoreOptions options)
      throws IOException {
    if (!options.overwrite() && files.exists(output)) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the output exists",
          output.toString(),
          "choose another or overwrite it");
    }
  }
}
