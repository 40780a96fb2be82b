package org.wordmill.trainer;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.wordmill.text.DecompressedStream;
import org.wordmill.text.TextPolicy;

/**
 * The files of a text without the compressed ones that are truncated or corrupt, if the policy is
 * to leave them out. What is read several times is looked at once, before anything is made of it: a
 * job that decompresses every compressed file, and keeps nothing.
 */
final class SoundFiles {
  private SoundFiles() {}

  /**
   * @param notices told which files are left out, and why
   */
  static List<FileStatus> of(
      JavaSparkContext spark,
      List<FileStatus> files,
      TextPolicy policy,
      Broadcast<SerializableConfiguration> hadoop,
      Consumer<String> notices) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(spark.hadoopConfiguration());
    List<String> compressed =
        files.stream()
            .filter(file -> file.getLen() > 0 && TextSplits.isCompressed(file.getPath(), codecs))
            .map(file -> file.getPath().toString())
            .toList();
    if (policy.corrupt() != TextPolicy.Corrupt.SKIP_SHARD || compressed.isEmpty()) {
      return files;
    }
    spark.setJobDescription("Verify " + Plural.of(compressed.size(), "compressed file"));
    List<String> faults =
        spark.parallelize(compressed, compressed.size()).map(new Verify(policy, hadoop)).collect();
    Set<String> broken = new HashSet<>();
    for (int i = 0; i < faults.size(); i++) {
      if (!faults.get(i).isEmpty()) {
        broken.add(compressed.get(i));
        notices.accept("left out " + compressed.get(i) + ": " + faults.get(i));
      }
    }
    return files.stream().filter(file -> !broken.contains(file.getPath().toString())).toList();
  }

  /** What is wrong with one file; nothing where it is sound. */
  private static final class Verify implements Function<String, String> {
    private static final long serialVersionUID = 1L;
    private final TextPolicy policy;
    private final Broadcast<SerializableConfiguration> hadoop;

    Verify(TextPolicy policy, Broadcast<SerializableConfiguration> hadoop) {
      this.policy = policy;
      this.hadoop = hadoop;
    }

    @Override
    public String call(String file) throws IOException {
      Configuration configuration = hadoop.value().value();
      Path path = new Path(file);
      try (FSDataInputStream stored = HadoopFiles.of(path, configuration).open(path);
          DecompressedStream text =
              TextChunks.decompressed(
                  new TextSplit(file, 0, 0, true), stored, policy, configuration)) {
        return text.verify().orElse("");
      }
    }
  }
}
