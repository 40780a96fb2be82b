package org.wordmill.submit.command;

import java.util.Map;
import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Tokenizer;

/**
 * A language model that was opened, with what is needed to give it text.
 *
 * @param path where it was found
 * @param kind its family: {@code ngram}, {@code transformer}
 * @param tokenizer has the model's vocabulary
 * @param ofSentences whether its text is sentences of words, {@code w_1 ... w_m </s>}, or one long
 *     stream of tokens
 * @param facts what there is to know about it, by name in snake_case
 */
record OpenModel(
    String path,
    String kind,
    LanguageModel model,
    Tokenizer tokenizer,
    boolean ofSentences,
    Map<String, Object> facts)
    implements AutoCloseable {

  /** The same with another language model of the same vocabulary. */
  OpenModel withModel(LanguageModel other) {
    return new OpenModel(path, kind, other, tokenizer, ofSentences, facts);
  }

  @Override
  public void close() {
    model.close();
  }
}
