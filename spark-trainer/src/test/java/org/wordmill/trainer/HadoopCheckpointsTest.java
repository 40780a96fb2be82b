package org.wordmill.trainer;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.CheckpointStore;
import org.wordmill.checkpoint.CheckpointsContractTest;

class HadoopCheckpointsTest extends CheckpointsContractTest {
  @TempDir Path folder;

  @Override
  protected CheckpointStore emptyStore() throws IOException {
    return new HadoopCheckpointStore(
        new org.apache.hadoop.fs.Path(folder.resolve("checkpoints").toUri()),
        new Configuration(false));
  }
}
