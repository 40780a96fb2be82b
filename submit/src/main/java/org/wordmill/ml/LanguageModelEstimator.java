package org.wordmill.ml;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.wordmill.counter.ArpaTarget;
import org.wordmill.counter.EstimateOptions;
import org.wordmill.counter.FileSystems;
import org.wordmill.counter.NGramEstimator;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.ngramtable.TableLayout;
import org.wordmill.format.ngramtable.TablePacker;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.text.TextPolicy;

/**
 * A spark.ml Estimator that estimates an n-gram model from a column of text, by interpolated
 * modified Kneser-Ney, and gives a {@link LanguageModelTransformer} that scores text under it.
 *
 * <pre>
 * LanguageModelEstimator estimator = new LanguageModelEstimator().setOrder(3).setInputCol("text");
 * LanguageModelTransformer model = estimator.fit(train);
 * model.write().overwrite().save("model");
 * </pre>
 *
 * <p>The lines of a text are sentences; the words {@code <s>}, {@code </s>} and {@code <unk>} are
 * taken as white space. The model goes through an ARPA file: in local mode one in a folder for
 * temporary files; on a cluster {@link #setArpa} names it, on storage that all machines share. The
 * driver packs it as a table, which executors get as a file.
 *
 * <p>Faults are {@link WordmillException}s: USAGE for parameters and columns, STORAGE, and
 * BAD_INPUT for a text without words or one that gives no discounts.
 */
public final class LanguageModelEstimator extends Estimator<LanguageModelTransformer>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final IntParam order;
  private final Param<String> inputCol;
  private final Param<String> prune;
  private final BooleanParam discountFallback;
  private final Param<String> arpa;

  public LanguageModelEstimator() {
    this("languageModelEstimator_" + UUID.randomUUID().toString().substring(0, 12));
  }

  /**
   * @param uid tells this stage from others, as in all of spark.ml
   */
  @SuppressWarnings("this-escape")
  public LanguageModelEstimator(String uid) {
    this.uid = uid;
    order = new IntParam(this, "order", "length of the longest n-grams");
    inputCol = new Param<>(this, "inputCol", "column of text");
    prune = new Param<>(this, "prune", "pruning thresholds by order, such as 0,0,1");
    discountFallback =
        new BooleanParam(this, "discountFallback", "discounts for texts that give none");
    arpa = new Param<>(this, "arpa", "where the ARPA file goes");
    setDefault(order, 5);
    setDefault(inputCol, "text");
    setDefault(prune, "0");
    setDefault(discountFallback, false);
  }

  @Override
  public String uid() {
    return uid;
  }

  public IntParam order() {
    return order;
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public Param<String> prune() {
    return prune;
  }

  public BooleanParam discountFallback() {
    return discountFallback;
  }

  public Param<String> arpa() {
    return arpa;
  }

  /** N, the length of the longest n-grams, 1 to 8; 5 unless set. */
  public LanguageModelEstimator setOrder(int n) {
    set(order, n);
    return this;
  }

  /** The column of text, {@code text} unless set. */
  public LanguageModelEstimator setInputCol(String column) {
    set(inputCol, column);
    return this;
  }

  /**
   * Leaves out n-grams of order n whose count is at most the n-th threshold; the last threshold
   * holds for the higher orders: {@code 0,0,1}.
   */
  public LanguageModelEstimator setPrune(String thresholds) {
    set(prune, thresholds);
    return this;
  }

  /** Whether the discounts are 0.5, 1, 1.5 where the text gives none: for small texts. */
  public LanguageModelEstimator setDiscountFallback(boolean choice) {
    set(discountFallback, choice);
    return this;
  }

  /**
   * Where the ARPA file goes, which must not be there yet: needed on a cluster, on storage that all
   * machines share. It stays.
   */
  public LanguageModelEstimator setArpa(String path) {
    set(arpa, path);
    return this;
  }

  @Override
  public LanguageModelTransformer fit(Dataset<?> dataset) {
    LanguageModelTransformer.requireText(dataset.schema(), column());
    SparkSession spark = dataset.sparkSession();
    EstimateOptions options = options();
    if (!isSet(arpa) && !SharedModel.isLocal(spark)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no place for the ARPA file",
          uid,
          "name one on storage that all machines share, by setArpa");
    }
    try {
      java.nio.file.Path table = ModelFiles.place("model.table");
      String file = isSet(arpa) ? $(arpa) : table.resolveSibling("model.arpa").toString();
      Dataset<?> texts =
          dataset.select(
              functions.col(LanguageModelTransformer.quoted(column())).cast("string").as("text"));
      new NGramEstimator(spark)
          .estimate(
              texts,
              TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.SKIP),
              options,
              new ArpaTarget(file, false));
      Configuration configuration = spark.sparkContext().hadoopConfiguration();
      Path place = new Path(file);
      FileSystem files = FileSystems.of(place, configuration);
      try (InputStream in = new BufferedInputStream(files.open(place), 1 << 20)) {
        TablePacker.pack(in, file, table, TableLayout.PROBING, false, warning -> {});
      }
      if (!isSet(arpa)) {
        files.delete(place, false);
      }
      return new LanguageModelTransformer(uid)
          .setModel(table.toString())
          .setInputCol(column())
          .setParent(this);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "the model cannot be packed: " + e.getMessage(), uid, "", e);
    }
  }

  private String column() {
    return $(inputCol);
  }

  private EstimateOptions options() {
    int n = (Integer) $(order);
    KneserNeyOptions model = KneserNeyOptions.ofOrder(n).withPruning($(prune));
    if ((Boolean) $(discountFallback)) {
      model = model.withFallbackDiscounts(Discounts.FALLBACK);
    }
    return EstimateOptions.ofOrder(n).withModel(model);
  }

  /** The schema with the columns that the model adds. */
  @Override
  public StructType transformSchema(StructType schema) {
    return new LanguageModelTransformer().setInputCol(column()).transformSchema(schema);
  }

  @Override
  public LanguageModelEstimator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} has saved. */
  public static MLReader<LanguageModelEstimator> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@link #write} has saved. */
  public static LanguageModelEstimator load(String path) {
    return read().load(path);
  }
}
