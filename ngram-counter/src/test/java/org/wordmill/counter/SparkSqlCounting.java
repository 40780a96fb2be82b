package org.wordmill.counter;

import java.io.IOException;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The peer of {@code count}: n-grams of all orders counted by Spark SQL alone, as a data engineer
 * would write it in an afternoon. Lines are split at spaces, n-grams are strings, and nothing is
 * added at the ends of lines, which spares it a few n-grams a line. How to run it beside {@code
 * count} is in {@code docs/benchmarks.md}.
 */
public final class SparkSqlCounting {
  private SparkSqlCounting() {}

  /** Arguments: master, input, order, output. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master(args[0])
            .appName("n-grams by Spark SQL")
            .config("spark.ui.enabled", false)
            .getOrCreate()) {
      spark.read().text(args[1]).createOrReplaceTempView("lines");
      spark
          .sql(
              """
              SELECT gram, count(*) AS count
              FROM (
                SELECT explode(flatten(transform(sequence(1, %s), n ->
                         CASE WHEN size(words) >= n
                              THEN transform(sequence(1, size(words) - n + 1),
                                             i -> array_join(slice(words, i, n), ' '))
                              ELSE array() END))) AS gram
                FROM (SELECT split(trim(value), ' +') AS words FROM lines WHERE trim(value) != ''))
              GROUP BY gram
              """
                  .formatted(Integer.parseInt(args[2])))
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(args[3]);
    }
  }
}
