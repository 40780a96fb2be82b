package org.wordmill.module;

import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Tensor;

/** Refuses ids that would address memory outside a table, before any kernel sees them. */
final class IdCheck {
  private IdCheck() {}

  /** Every id is a row of {@code table}. */
  static void rows(Ids ids, Tensor table) {
    check(ids, table.rows(), 0);
  }

  /** Every target is a column of {@code scores} or ignored, and there is one for each row. */
  static void targets(Ids targets, Tensor scores) {
    if (targets.values().length != scores.rows()) {
      throw new IllegalArgumentException(
          targets.values().length + " targets for " + scores.rows() + " rows of scores");
    }
    check(targets, scores.columns(), Ids.IGNORED);
  }

  private static void check(Ids ids, int limit, int least) {
    int[] values = ids.values();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < least || values[i] >= limit) {
        throw new IllegalArgumentException(
            "id " + values[i] + " at position " + i + " is outside a vocabulary of " + limit);
      }
    }
  }
}
