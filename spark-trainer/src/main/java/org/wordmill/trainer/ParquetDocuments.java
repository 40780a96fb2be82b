package org.wordmill.trainer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

/**
 * The documents in one column of a Parquet file, which is all that is read of it. A document that
 * is null or of nothing but white space is left out.
 */
final class ParquetDocuments implements TextPieces {
  private final TextSplit split;
  private final TextPolicy policy;
  private final ParquetFileReader reader;
  private final MessageType column;
  private @Nullable RecordReader<Group> rows;
  private long rowsLeft;
  private long malformed;
  private long blank;

  /**
   * @throws WordmillException BAD_INPUT when it is no Parquet file, or has no text in the field
   */
  ParquetDocuments(TextSplit split, TextPolicy policy, Configuration configuration)
      throws IOException {
    this.split = split;
    this.policy = policy;
    Path path = new Path(split.path());
    try {
      this.reader =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(path, configuration),
              HadoopReadOptions.builder(configuration, path)
                  .withRange(split.start(), split.start() + split.length())
                  .build());
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    }
    MessageType schema = reader.getFileMetaData().getSchema();
    if (!schema.containsField(split.field())) {
      throw field(
          "the Parquet file has no column '"
              + split.field()
              + "', but "
              + schema.getFields().stream().map(Type::getName).toList());
    }
    Type type = schema.getType(split.field());
    if (!type.isPrimitive()
        || type.isRepetition(Type.Repetition.REPEATED)
        || type.asPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
      throw field("the column '" + split.field() + "' is no text, but " + type);
    }
    this.column = new MessageType(schema.getName(), type);
    reader.setRequestedSchema(column);
  }

  @Override
  public String next() throws IOException {
    try {
      while (rowsLeft > 0 || nextRowGroup()) {
        Group row = Objects.requireNonNull(rows).read();
        rowsLeft--;
        String document =
            row.getFieldRepetitionCount(0) == 0 ? "" : text(row.getBinary(0, 0).toByteBuffer());
        if (!document.isBlank()) {
          return document;
        }
        blank++;
      }
      return "";
    } catch (WordmillException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    }
  }

  private boolean nextRowGroup() throws IOException {
    PageReadStore pages = reader.readNextRowGroup();
    if (pages == null) {
      return false;
    }
    rows =
        new ColumnIOFactory()
            .getColumnIO(column)
            .getRecordReader(pages, new GroupRecordConverter(column));
    rowsLeft = pages.getRowCount();
    return rowsLeft > 0 || nextRowGroup();
  }

  private String text(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
    } catch (CharacterCodingException e) {
      malformed++;
      return switch (policy.malformed()) {
        case REPLACE -> StandardCharsets.UTF_8.decode(utf8.duplicate()).toString();
        case DROP_LINE -> "";
        case STRICT ->
            throw new WordmillException(
                ExitCode.BAD_INPUT,
                "found a document that is not UTF-8",
                split.path(),
                "convert the text to UTF-8, or choose to replace or drop what is malformed",
                e);
      };
    }
  }

  private WordmillException field(String what) throws IOException {
    reader.close();
    return new WordmillException(
        ExitCode.BAD_INPUT, what, split.path(), "name a column of text: --text-field");
  }

  private WordmillException broken(Exception cause) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the Parquet file cannot be read: " + cause.getMessage(),
        split.path(),
        "fetch it again or leave it out",
        cause);
  }

  @Override
  public long malformedParts() {
    return malformed;
  }

  @Override
  public long blankDocuments() {
    return blank;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
