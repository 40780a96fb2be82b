/** What a checkpoint is, its manifest, and where it is kept. Hadoop does not belong here. */
@NullMarked
package org.wordmill.checkpoint;

import org.jspecify.annotations.NullMarked;
