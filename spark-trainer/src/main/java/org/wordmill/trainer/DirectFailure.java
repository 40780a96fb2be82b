package org.wordmill.trainer;

import org.jspecify.annotations.Nullable;

/** A team cannot go on, because of a worker or of a connection; another team may. */
final class DirectFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean fault;

  /** A worker or a connection is lost. */
  DirectFailure(String message) {
    super(message);
    this.fault = false;
  }

  /** A worker or a connection is lost. */
  DirectFailure(String message, Throwable cause) {
    super(message, cause);
    this.fault = false;
  }

  private DirectFailure(String message, @Nullable Throwable cause, boolean fault) {
    super(message, cause);
    this.fault = fault;
  }

  /**
   * A worker has told what went wrong with it.
   *
   * @param cause a {@link org.wordmill.error.WordmillException} where the user can act on it
   */
  static DirectFailure told(String message, @Nullable Throwable cause) {
    return new DirectFailure(message, cause, true);
  }

  /** Whether a worker has told what went wrong, which the next may well meet, too. */
  boolean isFault() {
    return fault;
  }
}
