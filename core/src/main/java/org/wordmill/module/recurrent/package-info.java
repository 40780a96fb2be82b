/**
 * Recurrent layers over time: Elman's network, long short-term memory, gated recurrent units, and
 * two of them in opposite directions. Whole models do not belong here.
 */
@NullMarked
package org.wordmill.module.recurrent;

import org.jspecify.annotations.NullMarked;
