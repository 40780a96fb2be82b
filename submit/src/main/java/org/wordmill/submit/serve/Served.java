package org.wordmill.submit.serve;

import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Tokenizer;

/**
 * A model for the server.
 *
 * @param name what requests call it, besides its path
 * @param path where it was found
 * @param kind its family: {@code ngram}, {@code transformer}
 * @param model used by one thread at a time, whoever closes it
 * @param tokenizer has the model's vocabulary
 * @param ofSentences whether its text is sentences of words, separated by spaces that no token
 *     holds
 */
public record Served(
    String name,
    String path,
    String kind,
    LanguageModel model,
    Tokenizer tokenizer,
    boolean ofSentences) {}
