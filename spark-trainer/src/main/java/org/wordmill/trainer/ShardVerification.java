package org.wordmill.trainer;

import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The Spark job that reads token shards through, so that a damaged one is refused before the first
 * step and not in the middle of a run.
 */
final class ShardVerification {
  private static final int MOST_TASKS = 10_000;

  private ShardVerification() {}

  /**
   * @param folder of the index
   * @throws org.wordmill.error.WordmillException CORRUPT when a shard is not what the index says;
   *     BAD_INPUT when an id does not belong to the vocabulary; wrapped by Spark
   */
  static void run(
      JavaSparkContext spark,
      Path folder,
      TokenIndex index,
      Broadcast<SerializableConfiguration> hadoop) {
    int shards = index.shards().size();
    if (shards == 0) {
      return;
    }
    spark.setJobDescription("Verify the checksums of " + Plural.of(shards, "token shard"));
    spark
        .parallelize(CharacterVocabulary.numbers(shards), Math.min(shards, MOST_TASKS))
        .foreach(new Verify(folder.toString(), index.write(), hadoop));
  }

  private static final class Verify implements VoidFunction<Integer> {
    private static final long serialVersionUID = 1L;
    private final String folder;
    private final String index;
    private final Broadcast<SerializableConfiguration> hadoop;

    Verify(String folder, String index, Broadcast<SerializableConfiguration> hadoop) {
      this.folder = folder;
      this.index = index;
      this.hadoop = hadoop;
    }

    @Override
    public void call(Integer number) {
      TokenIndex shards = TokenIndex.read(index, folder);
      new TokenStore(new Path(folder), hadoop.value().value())
          .shards(shards, new BlockCache(0))
          .get(number)
          .verify(shards.hasChecksums());
    }
  }
}
