/**
 * Text drawn from a known distribution: a probabilistic grammar, its exact entropy, and a language
 * with long-range agreement written in it. It exists so that a model's distance to the best
 * possible perplexity can be stated.
 */
@NullMarked
package org.wordmill.text.synthetic;

import org.jspecify.annotations.NullMarked;
