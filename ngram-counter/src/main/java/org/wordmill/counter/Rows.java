package org.wordmill.counter;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** The texts of a Dataset as the bytes that Spark holds, which no string repairs on the way. */
final class Rows {
  private Rows() {}

  /**
   * The texts of the column of strings; rows without a text are left out.
   *
   * @throws WordmillException USAGE when there is no such column, or more than one
   */
  static JavaRDD<byte[]> texts(Dataset<?> rows) {
    List<StructField> strings =
        Arrays.stream(rows.schema().fields())
            .filter(field -> field.dataType() instanceof StringType)
            .toList();
    if (strings.size() != 1) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the Dataset has " + strings.size() + " columns of strings, expected one",
          rows.schema().simpleString(),
          "select the column of the text");
    }
    Dataset<Row> texts =
        rows.toDF().select(rows.col('`' + strings.get(0).name() + '`').cast(DataTypes.BinaryType));
    return texts.javaRDD().filter(row -> !row.isNullAt(0)).map(row -> row.getAs(0));
  }
}
