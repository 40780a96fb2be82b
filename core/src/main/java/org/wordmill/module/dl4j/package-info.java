/**
 * Layers of Deeplearning4j as modules of the tape. The only package that knows Deeplearning4j,
 * which is not needed by anything else: whoever uses this adds {@code
 * org.deeplearning4j:deeplearning4j-nn} to the class path.
 */
@NullMarked
package org.wordmill.module.dl4j;

import org.jspecify.annotations.NullMarked;
