package org.wordmill.counter;

import java.io.Serializable;

/**
 * A file of counts.
 *
 * @param order of its n-grams; 0 where it may have several
 * @param web1t whether the reserved words are in capitals
 */
record CountFile(String path, int order, boolean web1t) implements Serializable {

  boolean isParquet() {
    return path.endsWith(".parquet");
  }

  /** Whether it may have n-grams of an order. */
  boolean has(int ofOrder) {
    return order == 0 || order == ofOrder;
  }
}
