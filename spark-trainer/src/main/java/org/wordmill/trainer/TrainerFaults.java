package org.wordmill.trainer;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.wordmill.error.WordmillException;

/**
 * Finds the fault that a user can act on inside what Spark throws: a task's exception reaches the
 * driver wrapped in the failure of its job.
 */
final class TrainerFaults {
  private TrainerFaults() {}

  /** The {@link WordmillException} among the causes, else the exception itself. */
  static RuntimeException unwrap(Exception failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable at = failure; at != null && seen.add(at); at = at.getCause()) {
      if (at instanceof WordmillException fault) {
        return fault;
      }
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
