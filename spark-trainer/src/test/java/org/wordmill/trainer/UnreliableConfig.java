package org.wordmill.trainer;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockManager;
import org.wordmill.kernel.Ids;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.TrainableModel;
import org.wordmill.model.TransformerConfig;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * A Transformer whose tasks take random time, and every third of which throws in its first attempt,
 * after some work was done.
 */
record UnreliableConfig(TransformerConfig model, long seed) implements ModelConfig {
  /** The seed with which every attempt throws. */
  static final long ALWAYS = -1;

  /** How often yet a task loses what others have left in this process, as if it had died. */
  static final AtomicInteger LOSSES = new AtomicInteger();

  @Override
  public String kind() {
    return "unreliable";
  }

  @Override
  public int vocabularySize() {
    return model.vocabularySize();
  }

  @Override
  public int contextLength() {
    return model.contextLength();
  }

  @Override
  public int layers() {
    return model.layers();
  }

  @Override
  public ModelConfig withVocabularySize(int size) {
    return new UnreliableConfig(model.withVocabularySize(size), seed);
  }

  @Override
  public TrainableModel build() {
    TrainableModel reliable = model.build();
    return new TrainableModel() {
      @Override
      public ParameterLayout layout() {
        return reliable.layout();
      }

      @Override
      public Variable loss(Tape tape, Ids inputs, Ids targets) {
        Variable loss = reliable.loss(tape, inputs, targets);
        TaskContext task = TaskContext.get();
        if (task != null) {
          SplittableRandom random =
              new SplittableRandom(seed + 31L * task.stageId() + task.partitionId());
          pause(random.nextInt(30));
          if (task.attemptNumber() == 0 && LOSSES.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            loseBlocks("(gradient|replica).*");
          }
          if (seed == ALWAYS || (task.attemptNumber() == 0 && random.nextInt(3) == 0)) {
            throw new IllegalStateException("this attempt fails, as the test wants");
          }
        }
        return loss;
      }
    };
  }

  /**
   * Has blocks that steps have left in this process go away.
   *
   * @param names a pattern of what comes after the step
   */
  static void loseBlocks(String names) {
    BlockManager blocks = SparkEnv.get().blockManager();
    blocks
        .getMatchingBlockIds(block -> block.name().matches("broadcast_\\d+__(" + names + ")"))
        .foreach(
            block -> {
              blocks.removeBlock(block, false);
              return null;
            });
  }

  private static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the task was killed", e);
    }
  }
}
