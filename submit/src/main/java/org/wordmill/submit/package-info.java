/**
 * The front door: the command line that people type at, and nothing that computes. Counting,
 * training and models belong to the other modules.
 */
@NullMarked
package org.wordmill.submit;

import org.jspecify.annotations.NullMarked;
