package org.wordmill.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.wordmill.text.TextPolicy;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;

/** The job of a {@link SmallRun}, with its texts in files. */
final class SmallJob {
  private SmallJob() {}

  /** Writes the texts to {@code folder}, whose {@code run} will be the output. */
  static TrainingJob in(Path folder, Synchronization synchronization, TrainingConfig config)
      throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), SmallRun.TEXT);
    Path validation = Files.writeString(folder.resolve("validation.txt"), SmallRun.VALIDATION);
    return new TrainingJob(
        List.of(text.toUri().toString()),
        List.of(validation.toUri().toString()),
        folder.resolve("run").toUri().toString(),
        false,
        Tokenization.characters(TextPolicy.DEFAULT),
        synchronization,
        config);
  }
}
