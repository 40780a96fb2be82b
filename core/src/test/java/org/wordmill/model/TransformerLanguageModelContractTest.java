package org.wordmill.model;

import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.LanguageModelContract;

/** The contract of all language models, with texts longer than the context. */
final class TransformerLanguageModelContractTest extends LanguageModelContract {
  private final LanguageModel model =
      RandomModel.of(new TransformerConfig(6, 9, 2, 2, 8, 0), 5, 20, KernelChoice.AUTO).cached();

  @Override
  protected LanguageModel model() {
    return model;
  }
}
