package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** The task that encodes one split of text into token shards, in the order of the text. */
final class SplitEncoder implements Function<Integer, EncodedSplit> {
  private static final long serialVersionUID = 1L;

  private final List<TextSplit> splits;
  private final PieceEncoder.Encoding encoding;
  private final String folder;
  private final Broadcast<SerializableConfiguration> hadoop;

  SplitEncoder(
      List<TextSplit> splits,
      PieceEncoder.Encoding encoding,
      String folder,
      Broadcast<SerializableConfiguration> hadoop) {
    this.splits = new ArrayList<>(splits);
    this.encoding = encoding;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  @Override
  public EncodedSplit call(Integer number) throws IOException {
    Configuration configuration = hadoop.value().value();
    PieceEncoder encoder = encoding.encoder();
    ShardWriter shards = new ShardWriter(number, folder, encoder.vocabularySize(), configuration);
    try (TextPieces pieces = encoding.open(splits.get(number), configuration)) {
      for (String text = pieces.next(); !text.isEmpty(); text = pieces.next()) {
        shards.add(encoder.encode(text));
      }
      return new EncodedSplit(
          shards.finish(),
          new TextCounts(
              pieces.malformedParts(),
              encoder.unknown(),
              0,
              encoder.documents(),
              pieces.blankDocuments(),
              pieces.longLines(),
              pieces.bombs()));
    }
  }
}
