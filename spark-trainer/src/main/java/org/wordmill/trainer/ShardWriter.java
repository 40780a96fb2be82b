package org.wordmill.trainer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.wordmill.train.TokenShard;

/**
 * Gathers the ids of one split and writes them as token shards. The name of a shard carries the
 * attempt that wrote it, unless that was the first, and the driver's index names the attempts that
 * won, so retried and speculative attempts do no harm.
 */
final class ShardWriter {
  private static final int SHARD_TOKENS = 1 << 25;

  private final int split;
  private final String folder;
  private final int vocabularySize;
  private final Configuration configuration;
  private final List<TokenIndex.Shard> shards = new ArrayList<>();
  private int[] ids = new int[1 << 16];
  private int size;
  private long sentences;

  /**
   * @param split the number of the split
   * @param vocabularySize above all ids
   */
  ShardWriter(int split, String folder, int vocabularySize, Configuration configuration) {
    this.split = split;
    this.folder = folder;
    this.vocabularySize = vocabularySize;
    this.configuration = configuration;
  }

  /** Adds ids, all of them to one shard. */
  void add(int[] some) throws IOException {
    if (size > 0 && size + some.length > SHARD_TOKENS) {
      write();
    }
    if (size + some.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size + some.length, ids.length + ids.length / 2));
    }
    System.arraycopy(some, 0, ids, size, some.length);
    size += some.length;
  }

  /** Adds the ids of a sentence, all of them to one shard. */
  void addSentence(int[] sentence) throws IOException {
    add(sentence);
    sentences++;
  }

  /** Writes what is left, and returns all shards. */
  List<TokenIndex.Shard> finish() throws IOException {
    if (size > 0) {
      write();
    }
    return List.copyOf(shards);
  }

  private void write() throws IOException {
    String name =
        String.format(
            Locale.ROOT, "shard-%05d-%03d%s%s", split, shards.size(), attempt(), TokenStore.SHARD);
    Path path = new Path(folder, name);
    FileSystem files = HadoopFiles.of(path, configuration);
    int crc;
    try (FSDataOutputStream file = files.create(path, true);
        OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
      crc = TokenShard.write(ids, size, vocabularySize, out);
      out.flush();
      file.hsync();
    }
    shards.add(
        new TokenIndex.Shard(name, size, files.getFileStatus(path).getLen(), crc, sentences, 0));
    size = 0;
    sentences = 0;
  }

  private static String attempt() {
    TaskContext task = TaskContext.get();
    int stage = task.stageAttemptNumber();
    int attempt = task.attemptNumber();
    return stage + attempt == 0 ? "" : "." + stage + "." + attempt;
  }
}
