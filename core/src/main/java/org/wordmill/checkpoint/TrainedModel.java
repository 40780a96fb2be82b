package org.wordmill.checkpoint;

import org.wordmill.lm.LanguageModel;
import org.wordmill.model.ModelConfig;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.Tokenizer;

/**
 * A trained model out of a checkpoint, ready to score and generate.
 *
 * @param tokenizer has the model's vocabulary
 * @param parameters in the order of the layout of the model that {@code config} builds
 * @param manifest of the checkpoint it came from
 */
public record TrainedModel(
    LanguageModel model,
    Tokenizer tokenizer,
    ModelConfig config,
    ParameterVector parameters,
    Manifest manifest)
    implements AutoCloseable {

  @Override
  public void close() {
    model.close();
  }
}
