package org.wordmill.trainer;

import java.util.SplittableRandom;
import org.apache.spark.TaskContext;
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
          if (seed == ALWAYS || (task.attemptNumber() == 0 && random.nextInt(3) == 0)) {
            throw new IllegalStateException("this attempt fails, as the test wants");
          }
        }
        return loss;
      }
    };
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
