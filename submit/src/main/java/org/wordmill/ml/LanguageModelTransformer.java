package org.wordmill.ml;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

/**
 * A spark.ml Transformer that scores a column of text under a language model: n-gram or neural.
 *
 * <p>It adds four columns, whose names can be changed: {@code log_probability} (double, natural
 * logarithm), {@code perplexity} (double, unknown words as {@code <unk>}), {@code tokens} (bigint;
 * for a model of words every word and one {@code </s>} a line) and {@code oov} (bigint). All are
 * null where the text is null. For a model of words the lines of a text are sentences; each text is
 * scored by itself. Malformed UTF-8 is replaced by U+FFFD.
 *
 * <pre>
 * LanguageModelTransformer scorer =
 *     new LanguageModelTransformer().setModel("model.table").setInputCol("text");
 * Dataset&lt;Row&gt; fluent = scorer.transform(pages).where("perplexity &lt; 300");
 * </pre>
 *
 * <p>{@link #write} saves the model with the parameters, so what is saved can be moved. A text is
 * scored once, so no filter is moved to before the scoring: filter by other columns before it.
 *
 * <p>Faults are {@link WordmillException}s: USAGE without a model or an input column of strings,
 * STORAGE when the model is not there, CORRUPT when it is none. Those of tasks reach the driver as
 * causes of what Spark throws.
 */
public final class LanguageModelTransformer extends Model<LanguageModelTransformer>
    implements MLWritable {
  private static final long serialVersionUID = 1L;
  private static final String MODEL = "model";

  private final String uid;
  private final Param<String> model;
  private final Param<String> inputCol;
  private final Param<String> logProbabilityCol;
  private final Param<String> perplexityCol;
  private final Param<String> tokensCol;
  private final Param<String> oovCol;

  public LanguageModelTransformer() {
    this("languageModel_" + UUID.randomUUID().toString().substring(0, 12));
  }

  /**
   * @param uid tells this stage from others, as in all of spark.ml
   */
  @SuppressWarnings("this-escape")
  public LanguageModelTransformer(String uid) {
    this.uid = uid;
    model = new Param<>(this, MODEL, "ARPA file, table, or output of a training");
    inputCol = new Param<>(this, "inputCol", "column of text");
    logProbabilityCol = new Param<>(this, "logProbabilityCol", "natural logarithm, double");
    perplexityCol = new Param<>(this, "perplexityCol", "unknown words as <unk>, double");
    tokensCol = new Param<>(this, "tokensCol", "number of tokens, bigint");
    oovCol = new Param<>(this, "oovCol", "number of unknown tokens, bigint");
    setDefault(inputCol, "text");
    setDefault(logProbabilityCol, Scored.LOG_PROBABILITY);
    setDefault(perplexityCol, Scored.PERPLEXITY);
    setDefault(tokensCol, Scored.TOKENS);
    setDefault(oovCol, Scored.OOV);
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> model() {
    return model;
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public Param<String> logProbabilityCol() {
    return logProbabilityCol;
  }

  public Param<String> perplexityCol() {
    return perplexityCol;
  }

  public Param<String> tokensCol() {
    return tokensCol;
  }

  public Param<String> oovCol() {
    return oovCol;
  }

  /**
   * An ARPA file, a table of pack, a binary file of KenLM, the output of a training, or one of its
   * checkpoints.
   */
  public LanguageModelTransformer setModel(String path) {
    set(model, path);
    return this;
  }

  /** The column of text, {@code text} unless set. */
  public LanguageModelTransformer setInputCol(String column) {
    set(inputCol, column);
    return this;
  }

  public LanguageModelTransformer setLogProbabilityCol(String column) {
    set(logProbabilityCol, column);
    return this;
  }

  public LanguageModelTransformer setPerplexityCol(String column) {
    set(perplexityCol, column);
    return this;
  }

  public LanguageModelTransformer setTokensCol(String column) {
    set(tokensCol, column);
    return this;
  }

  public LanguageModelTransformer setOovCol(String column) {
    set(oovCol, column);
    return this;
  }

  /** The columns that are added, by what they hold. */
  private Map<String, String> outputs() {
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put(Scored.LOG_PROBABILITY, $(logProbabilityCol));
    outputs.put(Scored.PERPLEXITY, $(perplexityCol));
    outputs.put(Scored.TOKENS, $(tokensCol));
    outputs.put(Scored.OOV, $(oovCol));
    return outputs;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Scored scored = new Scored(shared(dataset), TextPolicy.IN_MEMORY);
    Column text = dataset.col(quoted($(inputCol))).cast(DataTypes.BinaryType);
    String score = "score of " + uid;
    Column call = functions.udf(scored, Scored.TYPE).asNondeterministic().apply(text);
    List<Column> columns = new ArrayList<>();
    for (String column : dataset.columns()) {
      columns.add(functions.col(quoted(column)));
    }
    outputs()
        .forEach(
            (field, name) -> columns.add(functions.col(quoted(score)).getField(field).as(name)));
    return dataset.withColumn(score, call).select(columns.toArray(Column[]::new));
  }

  private SharedModel shared(Dataset<?> dataset) {
    return SharedModel.of(dataset.sparkSession(), path());
  }

  private String path() {
    if (!isSet(model)) {
      throw new WordmillException(
          ExitCode.USAGE, "there is no model", uid, "give one by setModel(path)");
    }
    return $(model);
  }

  static String quoted(String column) {
    return '`' + column.replace("`", "``") + '`';
  }

  /**
   * The schema with the columns that are added.
   *
   * @throws WordmillException USAGE when the column of text is missing or of another type, or a
   *     column that is to be added is there
   */
  @Override
  public StructType transformSchema(StructType schema) {
    requireText(schema, $(inputCol));
    StructType result = schema;
    for (Map.Entry<String, String> output : outputs().entrySet()) {
      String name = output.getValue();
      if (Arrays.asList(schema.fieldNames()).contains(name)) {
        throw new WordmillException(
            ExitCode.USAGE,
            "there is a column '" + name + "' already",
            schema.simpleString(),
            "rename it, or the one that is added");
      }
      result = result.add(name, Scored.TYPE.apply(output.getKey()).dataType(), true);
    }
    return result;
  }

  /** Refuses a schema without that column of text. */
  static void requireText(StructType schema, String column) {
    boolean there = Arrays.asList(schema.fieldNames()).contains(column);
    if (!there
        || !(schema.apply(column).dataType() instanceof StringType
            || schema.apply(column).dataType() instanceof BinaryType)) {
      throw new WordmillException(
          ExitCode.USAGE,
          there
              ? "the column '" + column + "' is no text"
              : "there is no column '" + column + "' of text",
          schema.simpleString(),
          "name the column of text by setInputCol");
    }
  }

  @Override
  public LanguageModelTransformer copy(ParamMap extra) {
    LanguageModelTransformer copy = new LanguageModelTransformer(uid);
    copyValues(copy, extra);
    return copy.setParent(parent());
  }

  /** Saves parameters and model; {@link #read} gives them back, from wherever they are then. */
  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /** Reads what {@link #write} has saved. */
  public static MLReader<LanguageModelTransformer> read() {
    return new Reader();
  }

  /** Reads what {@link #write} has saved. */
  public static LanguageModelTransformer load(String path) {
    return read().load(path);
  }

  private static final class Writer extends MLWriter {
    private final LanguageModelTransformer instance;

    Writer(LanguageModelTransformer instance) {
      this.instance = instance;
    }

    @Override
    public void saveImpl(String path) {
      SharedModel shared = SharedModel.of(sparkSession(), instance.path());
      try {
        new DefaultParamsWriter(instance).save(path);
        shared.copyTo(new Path(path, MODEL), sparkSession().sparkContext().hadoopConfiguration());
      } catch (IOException e) {
        throw new WordmillException(
            ExitCode.STORAGE, "the model cannot be saved: " + e.getMessage(), path, "", e);
      }
    }
  }

  private static final class Reader extends MLReader<LanguageModelTransformer> {
    @Override
    public LanguageModelTransformer load(String path) {
      return new DefaultParamsReader<LanguageModelTransformer>()
          .load(path)
          .setModel(new Path(path, MODEL).toString());
    }
  }
}
