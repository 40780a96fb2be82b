/**
 * What the files of a Hugging Face GPT-2 folder say: {@code config.json}, the names of the
 * parameters, {@code tokenizer.json} of characters. Where the bytes of the parameters lie, and what
 * model they make, belongs elsewhere.
 */
@NullMarked
package org.wordmill.format.huggingface;

import org.jspecify.annotations.NullMarked;
