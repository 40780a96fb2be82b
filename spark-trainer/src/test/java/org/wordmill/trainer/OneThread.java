package org.wordmill.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;

/** The small run by one thread, whose bits those of every way of synchronising must be. */
final class OneThread {
  private OneThread() {}

  /**
   * Trains.
   *
   * @param folder for the checkpoints
   */
  static RecordedMetrics train(TrainingConfig config, Path folder) {
    RecordedMetrics metrics = new RecordedMetrics();
    LocalTrainer.train(
        config,
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(new LocalCheckpointStore(folder), metrics::notice),
        false,
        metrics);
    return metrics;
  }

  /** The parameters of the newest checkpoint, as they are stored. */
  static byte[] parameters(Path folder) throws IOException {
    String newest =
        new Checkpoints(new LocalCheckpointStore(folder), notice -> {}).list().get(0).directory();
    return Files.readAllBytes(folder.resolve(newest).resolve("parameters.f32"));
  }
}
