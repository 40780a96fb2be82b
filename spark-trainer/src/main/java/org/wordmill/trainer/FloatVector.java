package org.wordmill.trainer;

/** A flat vector on its way to the tasks: one message, one array. */
final class FloatVector {
  private final float[] values;

  /**
   * @param values not copied, and not to be changed
   */
  FloatVector(float[] values) {
    this.values = values;
  }

  /** Read only. */
  float[] values() {
    return values;
  }
}
