package org.wordmill.model;

import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.LanguageModel;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.Vocabulary;

/** A model whose targets are the next tokens: trained, it is a language model. */
public interface TrainableLanguageModel extends TrainableModel {

  /**
   * This model with trained parameters, behind the interface of all language models.
   *
   * @param parameters of this model's {@link #layout}, not to be changed while the result is used
   */
  LanguageModel open(ParameterVector parameters, Vocabulary vocabulary, KernelChoice kernels);
}
