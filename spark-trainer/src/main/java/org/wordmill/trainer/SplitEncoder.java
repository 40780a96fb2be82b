package org.wordmill.trainer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.train.TokenShard;

/**
 * The task that encodes one split of text into token shards. A shard's name carries the attempt
 * that wrote it, and the driver's index names the attempts that won, so retried and speculative
 * attempts do no harm.
 */
final class SplitEncoder implements Function<Integer, EncodedSplit> {
  private static final long serialVersionUID = 1L;
  private static final int SHARD_TOKENS = 1 << 25;

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
    List<TokenIndex.Shard> shards = new ArrayList<>();
    int unknown = tokenizer.vocabulary().unknown();
    long unknownTokens = 0;
    int[] ids = new int[1 << 16];
    int size = 0;
    try (TextChunks chunks = new TextChunks(splits.get(number), policy, configuration)) {
      for (String text = chunks.next(); !text.isEmpty(); text = chunks.next()) {
        int[] some = tokenizer.encode(text);
        unknownTokens += Arrays.stream(some).filter(id -> id == unknown).count();
        if (size > 0 && size + some.length > SHARD_TOKENS) {
          shards.add(write(Arrays.copyOf(ids, size), number, shards.size(), tokenizer));
          size = 0;
        }
        if (size + some.length > ids.length) {
          ids = Arrays.copyOf(ids, Math.max(size + some.length, ids.length + ids.length / 2));
        }
        System.arraycopy(some, 0, ids, size, some.length);
        size += some.length;
      }
      if (size > 0) {
        shards.add(write(Arrays.copyOf(ids, size), number, shards.size(), tokenizer));
      }
      return new EncodedSplit(shards, chunks.malformedParts(), unknownTokens);
    }
  }

  private TokenIndex.Shard write(int[] ids, int number, int part, Tokenizer tokenizer)
      throws IOException {
    String name =
        String.format(
            Locale.ROOT,
            "shard-%05d-%03d.%d.tokens",
            number,
            part,
            TaskContext.get().taskAttemptId());
    Path path = new Path(folder, name);
    FileSystem files = HadoopFiles.of(path, hadoop.value().value());
    CRC32C crc = new CRC32C();
    try (FSDataOutputStream file = files.create(path, true);
        OutputStream out = new BufferedOutputStream(new CheckedOutputStream(file, crc), 1 << 16)) {
      TokenShard.write(ids, tokenizer.vocabulary().size(), out);
      out.flush();
      file.hsync();
    }
    return new TokenIndex.Shard(
        name, ids.length, files.getFileStatus(path).getLen(), (int) crc.getValue());
  }
}
