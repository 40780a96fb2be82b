/** Update rules over one flat vector, learning-rate schedules, gradient clipping. */
@NullMarked
package org.wordmill.optim;

import org.jspecify.annotations.NullMarked;
