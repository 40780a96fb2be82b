package org.wordmill.train;

import java.util.List;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Precision;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/** Trains in this process and thread, on tokens in memory: the reference of all other trainers. */
public final class LocalTrainer {
  private LocalTrainer() {}

  /** On one corpus. */
  public static TrainingReport train(
      TrainingConfig config,
      Tokenizer tokenizer,
      Tokens training,
      Tokens validation,
      Checkpoints checkpoints,
      boolean resume,
      TrainingListener listener) {
    return train(config, tokenizer, List.of(training), validation, checkpoints, resume, listener);
  }

  /**
   * @param config whose vocabulary is the tokenizer's
   * @param training the texts of the configuration's mix; without one, a single corpus
   * @param validation may be shorter than two tokens when the schedule never evaluates
   * @param checkpoints where the run is saved
   * @param resume whether to go on from the newest checkpoint, if there is one
   */
  public static TrainingReport train(
      TrainingConfig config,
      Tokenizer tokenizer,
      List<Tokens> training,
      Tokens validation,
      Checkpoints checkpoints,
      boolean resume,
      TrainingListener listener) {
    TrainingText text =
        new TrainingText(
            TokenizerFiles.write(tokenizer),
            TrainingText.checksum(new TokenChain(training)),
            Examples.training(config, training).perEpoch());
    MemoryEstimate memory = MemoryEstimate.of(config);
    OffHeapMemory.require(
        config.outer().isPresent()
            ? memory.state() + memory.task()
            : memory.alone(config.batching().partitions()),
        "training",
        config.kernels().create(Precision.FLOAT));
    TrainingState state = new TrainingState(config);
    if (resume) {
      state
          .restoreNewest(checkpoints, text)
          .flatMap(state::kernelsChanged)
          .ifPresent(listener::notice);
    }
    MixPlan.of(config, training.stream().map(Tokens::size).toList()).ifPresent(listener::mixed);
    EvaluationStep.requireTokens(validation.size(), config.schedule());
    try (WorkerSync sync =
        config.outer().isPresent()
            ? new LocalRounds(state, training, validation)
            : new LocalSync(state, training, validation)) {
      return new TrainingLoop(state, sync, checkpoints, text, listener).run();
    }
  }
}
