package org.wordmill.counter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Reads n-grams and counts from Parquet: a column {@code ngram}, a list of strings, and a column
 * {@code count}, int64. Spark's own files have the same schema but for what may be null.
 */
final class ParquetCounts {
  private ParquetCounts() {}

  /** Gives every n-gram of a file to a reader. */
  static void read(String path, Configuration configuration, CountReader reader)
      throws IOException {
    long row = 0;
    try (ParquetReader<Gram> rows =
        ParquetReader.builder(new Support(reader), new Path(path))
            .withConf(configuration)
            .build()) {
      for (Gram gram = rows.read(); gram != null; gram = rows.read()) {
        row++;
        reader.end(gram.count, path + ", row " + row);
      }
    } catch (WordmillException | FileNotFoundException | AccessControlException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // "... is not a Parquet file", and what bits that flipped lead to.
      throw corrupt(path, e);
    }
  }

  private static WordmillException corrupt(String path, Exception cause) {
    return new WordmillException(
        ExitCode.CORRUPT,
        "this is no whole Parquet file of counts: " + cause.getMessage(),
        path,
        "count again, or leave it out",
        cause);
  }

  /** The count of the current row; its words are in the reader. */
  private static final class Gram {
    private long count;
  }

  private static final class Support extends ReadSupport<Gram> {
    private final CountReader reader;

    Support(CountReader reader) {
      this.reader = reader;
    }

    @Override
    public ReadContext init(InitContext context) {
      MessageType schema = context.getFileSchema();
      if (!schema.containsField("ngram")
          || schema.getType("ngram").isPrimitive()
          || !schema.containsField("count")
          || !schema.getType("count").isPrimitive()
          || schema.getType("count").asPrimitiveType().getPrimitiveTypeName()
              != PrimitiveTypeName.INT64) {
        throw CountReader.corrupt(
            reader.path(),
            "the columns " + schema.getFields().stream().map(field -> field.getName()).toList(),
            "ngram, a list of strings, and count, an int64");
      }
      return new ReadContext(
          new MessageType(schema.getName(), schema.getType("ngram"), schema.getType("count")));
    }

    @Override
    public RecordMaterializer<Gram> prepareForRead(
        Configuration configuration,
        Map<String, String> metadata,
        MessageType schema,
        ReadContext context) {
      return new Rows(reader, schema);
    }
  }

  private static final class Rows extends RecordMaterializer<Gram> {
    private final Gram gram = new Gram();
    private final Group root;

    Rows(CountReader reader, MessageType schema) {
      PrimitiveConverter count =
          new PrimitiveConverter() {
            @Override
            public void addLong(long value) {
              gram.count = value;
            }
          };
      Converter words = nested(schema.getType("ngram").asGroupType(), reader);
      root =
          new Group(words, count) {
            @Override
            public void start() {
              reader.begin();
              gram.count = -1;
            }
          };
    }

    /** The words of the list, however deep it puts them. */
    private static Converter nested(GroupType group, CountReader reader) {
      Type child = group.getType(0);
      return child.isPrimitive()
          ? new Group(
              new PrimitiveConverter() {
                @Override
                public void addBinary(Binary value) {
                  byte[] bytes = value.getBytesUnsafe();
                  reader.word(bytes, 0, bytes.length);
                }
              })
          : new Group(nested(child.asGroupType(), reader));
    }

    @Override
    public Gram getCurrentRecord() {
      return gram;
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }
  }

  private static class Group extends GroupConverter {
    private final Converter[] fields;

    Group(Converter... fields) {
      this.fields = fields;
    }

    @Override
    public Converter getConverter(int field) {
      return fields[field];
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
