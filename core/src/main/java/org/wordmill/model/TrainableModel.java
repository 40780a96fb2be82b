package org.wordmill.model;

import org.wordmill.kernel.Ids;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * A model as training sees it: parameters in a flat vector, and a loss that can be run on a tape.
 * Immutable, and used by many threads at once, each with its own tape.
 */
public interface TrainableModel {

  /** Where the parameters lie. */
  ParameterLayout layout();

  /**
   * The sum, not the mean, over all counted targets of -log p(target | what the model may hear of
   * the inputs), natural logarithm, shape [1]. A sum can be added over micro-batches and
   * partitions, and divided by the number of targets once.
   *
   * <p>Which modules are applied to which values follows from the shape of the ids alone, so that a
   * step can be planned.
   *
   * @param inputs [B, T] ids
   * @param targets [B, T] ids, or {@link Ids#IGNORED}
   */
  Variable loss(Tape tape, Ids inputs, Ids targets);
}
