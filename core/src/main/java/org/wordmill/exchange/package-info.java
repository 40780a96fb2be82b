/**
 * Whole models handed to other programs and taken from them: here the model, its tokenizer and the
 * formats of its files meet. How a format looks, and how a model computes, belongs elsewhere.
 */
@NullMarked
package org.wordmill.exchange;

import org.jspecify.annotations.NullMarked;
