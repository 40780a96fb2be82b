/**
 * What all language models share: the chain-rule factor, perplexity, the weighted die, text
 * generation. This package knows neither n-grams nor tensors.
 */
@NullMarked
package org.wordmill.lm;

import org.jspecify.annotations.NullMarked;
