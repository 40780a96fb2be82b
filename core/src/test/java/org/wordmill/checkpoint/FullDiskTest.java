package org.wordmill.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;

/** A disk that fills up while a checkpoint is written, at every file of it. */
class FullDiskTest {
  @TempDir Path folder;

  @Test
  void theRunStopsAsAStorageFaultAndGoesOnFromTheCheckpointBefore() {
    TrainingConfig config = SmallRun.withSteps(SmallRun.config(), 15);
    RecordedMetrics unbroken = new RecordedMetrics();
    train(config, new LocalCheckpointStore(folder.resolve("unbroken")), false, unbroken);
    LocalCheckpointStore roomy = new LocalCheckpointStore(folder.resolve("run"));
    train(SmallRun.withSteps(config, 5), roomy, false, new RecordedMetrics());
    for (int filesThatFit = 0; filesThatFit < 5; filesThatFit++) {
      CheckpointStore full = new FullStore(roomy, filesThatFit);
      assertThatThrownBy(() -> train(config, full, true, new RecordedMetrics()))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
          .hasMessageContaining("No space left");
      List<String> notices = new ArrayList<>();
      assertThat(new Checkpoints(roomy, notices::add).list().get(0).step()).isEqualTo(5);
    }
    RecordedMetrics resumed = new RecordedMetrics();
    train(config, roomy, true, resumed);
    assertThat(resumed.losses()).isEqualTo(unbroken.losses().subList(5, 15));
  }

  private static void train(
      TrainingConfig config, CheckpointStore store, boolean resume, RecordedMetrics metrics) {
    LocalTrainer.train(
        config,
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(store, metrics::notice),
        resume,
        metrics);
  }

  /** Has room for a number of files, and for half of one more. */
  private static final class FullStore implements CheckpointStore {
    private final CheckpointStore store;
    private int room;

    FullStore(CheckpointStore store, int room) {
      this.store = store;
      this.room = room;
    }

    @Override
    public OutputStream create(String directory, String file) throws IOException {
      OutputStream out = store.create(directory, file);
      if (room-- > 0) {
        return out;
      }
      return new FilterOutputStream(out) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length / 2);
          throw new IOException("No space left on device");
        }
      };
    }

    @Override
    public String location() {
      return store.location();
    }

    @Override
    public List<String> directories() throws IOException {
      return store.directories();
    }

    @Override
    public OptionalLong length(String directory, String file) throws IOException {
      return store.length(directory, file);
    }

    @Override
    public InputStream open(String directory, String file) throws IOException {
      return store.open(directory, file);
    }

    @Override
    public void deleteFile(String directory, String file) throws IOException {
      store.deleteFile(directory, file);
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
      store.deleteDirectory(directory);
    }
  }
}
