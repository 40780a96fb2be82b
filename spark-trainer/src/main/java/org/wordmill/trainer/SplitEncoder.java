package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/** The task that encodes one split of text into token shards. */
final class SplitEncoder implements Function<Integer, EncodedSplit> {
  private static final long serialVersionUID = 1L;

  private final List<TextSplit> splits;
  private final String tokenizerFile;
  private final TextPolicy policy;
  private final String folder;
  private final Broadcast<SerializableConfiguration> hadoop;

  SplitEncoder(
      List<TextSplit> splits,
      String tokenizerFile,
      TextPolicy policy,
      String folder,
      Broadcast<SerializableConfiguration> hadoop) {
    this.splits = new ArrayList<>(splits);
    this.tokenizerFile = tokenizerFile;
    this.policy = policy;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  @Override
  public EncodedSplit call(Integer number) throws IOException {
    Configuration configuration = hadoop.value().value();
    Tokenizer tokenizer = TokenizerFiles.read(tokenizerFile, "the tokenizer");
    int unknown = tokenizer.vocabulary().unknown();
    long unknownTokens = 0;
    ShardWriter shards =
        new ShardWriter(number, folder, tokenizer.vocabulary().size(), configuration);
    try (TextChunks chunks = new TextChunks(splits.get(number), policy, configuration)) {
      for (String text = chunks.next(); !text.isEmpty(); text = chunks.next()) {
        int[] some = tokenizer.encodeLines(text);
        unknownTokens += Arrays.stream(some).filter(id -> id == unknown).count();
        shards.add(some);
      }
      return new EncodedSplit(shards.finish(), chunks.malformedParts(), unknownTokens, 0);
    }
  }
}
