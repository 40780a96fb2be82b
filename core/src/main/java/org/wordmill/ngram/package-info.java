/**
 * N-gram counts and back-off models in memory, one class per smoothing. Neither ND4J nor Spark
 * belongs here.
 */
@NullMarked
package org.wordmill.ngram;

import org.jspecify.annotations.NullMarked;
