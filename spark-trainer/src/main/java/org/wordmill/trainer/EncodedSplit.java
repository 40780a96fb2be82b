package org.wordmill.trainer;

import java.util.ArrayList;
import java.util.List;

/**
 * What a task tells of the split it encoded. A plain class of arrays, because Kryo cannot write the
 * fields of a record.
 */
final class EncodedSplit {
  private final String[] files;
  private final long[] tokens;
  private final long[] bytes;
  private final int[] crcs;
  private final long malformedParts;
  private final long unknownTokens;

  EncodedSplit(List<TokenIndex.Shard> shards, long malformedParts, long unknownTokens) {
    this.files = shards.stream().map(TokenIndex.Shard::file).toArray(String[]::new);
    this.tokens = shards.stream().mapToLong(TokenIndex.Shard::tokens).toArray();
    this.bytes = shards.stream().mapToLong(TokenIndex.Shard::bytes).toArray();
    this.crcs = shards.stream().mapToInt(TokenIndex.Shard::crc32c).toArray();
    this.malformedParts = malformedParts;
    this.unknownTokens = unknownTokens;
  }

  List<TokenIndex.Shard> shards() {
    List<TokenIndex.Shard> shards = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      shards.add(new TokenIndex.Shard(files[i], tokens[i], bytes[i], crcs[i]));
    }
    return shards;
  }

  /** Byte sequences that were not UTF-8. */
  long malformedParts() {
    return malformedParts;
  }

  /** Tokens that are not in the vocabulary. */
  long unknownTokens() {
    return unknownTokens;
  }
}
