/** Event files of TensorBoard: scalars of a run, in TFRecords of protocol buffers. */
@NullMarked
package org.wordmill.format.tensorboard;

import org.jspecify.annotations.NullMarked;
