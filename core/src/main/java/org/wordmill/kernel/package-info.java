/**
 * How numbers are computed: tensors on ND4J memory and the operations on them, behind one
 * interface. This is the only package that touches ND4J's factories, data pointers, BLAS or the
 * vector API; it knows no modules and no models.
 */
@NullMarked
package org.wordmill.kernel;

import org.jspecify.annotations.NullMarked;
