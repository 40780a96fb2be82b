package org.wordmill.checkpoint;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.Tagger;
import org.wordmill.model.TrainableLanguageModel;
import org.wordmill.model.TrainableModel;
import org.wordmill.model.TrainedTagger;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.TaggedWords;
import org.wordmill.text.Tokenizer;

/**
 * A model of any kind as a checkpoint holds it.
 *
 * @param model that {@code config} builds
 * @param tokenizer has the model's vocabulary
 * @param parameters in the order of the model's layout
 * @param manifest of the checkpoint it came from
 */
public record SavedModel(
    ModelConfig config,
    TrainableModel model,
    Tokenizer tokenizer,
    ParameterVector parameters,
    Manifest manifest) {

  /**
   * As a language model.
   *
   * @throws WordmillException USAGE when it is none
   */
  public TrainedModel languageModel(KernelChoice kernels) {
    if (model instanceof TrainableLanguageModel trained) {
      return new TrainedModel(
          trained.open(parameters, tokenizer.vocabulary(), kernels),
          tokenizer,
          config,
          parameters,
          manifest);
    }
    throw new WordmillException(
        ExitCode.USAGE,
        "this is a model of kind " + config.kind() + ", not a language model",
        manifest.directory(),
        "use the command for models of its kind");
  }

  /**
   * As a tagger.
   *
   * @throws WordmillException USAGE when it is none
   */
  public TrainedTagger tagger(KernelChoice kernels) {
    if (model instanceof Tagger tagger && tokenizer instanceof TaggedWords words) {
      return new TrainedTagger(tagger, parameters, words, kernels);
    }
    throw new WordmillException(
        ExitCode.USAGE,
        "this is a model of kind " + config.kind() + ", not a tagger",
        manifest.directory(),
        "give the output of a training with the preset tagger-birnn, for example");
  }
}
