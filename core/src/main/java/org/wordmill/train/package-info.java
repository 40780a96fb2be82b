/**
 * One training step as a pure function, and the single-process training loop. A Spark task runs the
 * same step; Spark itself does not belong here.
 */
@NullMarked
package org.wordmill.train;

import org.jspecify.annotations.NullMarked;
