package org.wordmill.ml;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.wordmill.text.TextPolicy;

/**
 * Language models as functions of Spark SQL.
 *
 * <pre>
 * ScoreFunctions.register(spark, "perplexity", "model.table");
 * spark.sql("SELECT text FROM pages WHERE perplexity(text) &lt; 300").show();
 * </pre>
 */
public final class ScoreFunctions {
  private ScoreFunctions() {}

  /**
   * Registers the function from a text to its perplexity, a double: exp of the mean negative log
   * probability of a token, unknown words as {@code <unk>}. For a model of words the lines of a
   * text are sentences. Malformed UTF-8 is replaced by U+FFFD; a null has no perplexity.
   *
   * @param function its name in SQL
   * @param model an ARPA file, a table of pack, a binary file of KenLM, the output of a training,
   *     or one of its checkpoints
   * @throws org.wordmill.error.WordmillException STORAGE when there is no model, CORRUPT when it is
   *     none
   */
  public static void register(SparkSession spark, String function, String model) {
    Scored scored = new Scored(SharedModel.of(spark, model), TextPolicy.IN_MEMORY);
    spark.udf().register(function, (UDF1<Object, Double>) scored::perplexity, DataTypes.DoubleType);
  }
}
