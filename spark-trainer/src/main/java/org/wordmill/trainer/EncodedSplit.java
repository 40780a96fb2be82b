package org.wordmill.trainer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a task tells of the split it encoded. A plain class of arrays, because Kryo cannot write the
 * fields of a record.
 */
final class EncodedSplit implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] files;
  private final long[] tokens;
  private final long[] bytes;
  private final int[] crcs;
  private final long[] sentences;
  private final long[] counts;

  EncodedSplit(List<TokenIndex.Shard> shards, TextCounts counts) {
    this.files = shards.stream().map(TokenIndex.Shard::file).toArray(String[]::new);
    this.tokens = shards.stream().mapToLong(TokenIndex.Shard::tokens).toArray();
    this.bytes = shards.stream().mapToLong(TokenIndex.Shard::bytes).toArray();
    this.crcs = shards.stream().mapToInt(TokenIndex.Shard::crc32c).toArray();
    this.sentences = shards.stream().mapToLong(TokenIndex.Shard::sentences).toArray();
    this.counts = counts.toArray();
  }

  List<TokenIndex.Shard> shards() {
    List<TokenIndex.Shard> shards = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      shards.add(new TokenIndex.Shard(files[i], tokens[i], bytes[i], crcs[i], sentences[i], 0));
    }
    return shards;
  }

  TextCounts counts() {
    return TextCounts.of(counts);
  }
}
