/**
 * Module-based reverse-mode automatic differentiation: modules, the tape, parameters as views of
 * one flat vector, and the gradient check. This package knows no concrete layer.
 */
@NullMarked
package org.wordmill.tape;

import org.jspecify.annotations.NullMarked;
