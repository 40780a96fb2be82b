/**
 * Counting n-grams and estimating n-gram models as Spark jobs. Formulas live in core; here is only
 * how they are spread over a cluster.
 */
@NullMarked
package org.wordmill.counter;

import org.jspecify.annotations.NullMarked;
