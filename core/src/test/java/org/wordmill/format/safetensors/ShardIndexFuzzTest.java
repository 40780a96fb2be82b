package org.wordmill.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;

class ShardIndexFuzzTest {
  @FuzzTest
  @Timeout(60)
  void noShardIsAPath(byte[] file) {
    Untrusted.read(
        Set.of(ExitCode.CORRUPT),
        () -> {
          ShardIndex index = ShardIndex.parse(Untrusted.text(file), "f.index.json");
          for (String shard : index.shards()) {
            assertThat(shard).doesNotContain("/", "\\").doesNotStartWith(".");
            index.requireTensors(shard, List.of(), "f.index.json");
          }
        });
  }
}
