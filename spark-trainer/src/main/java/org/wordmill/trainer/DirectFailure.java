package org.wordmill.trainer;

/** A team cannot go on, because of a worker or of a connection; another team may. */
final class DirectFailure extends Exception {
  private static final long serialVersionUID = 1L;

  DirectFailure(String message) {
    super(message);
  }

  /**
   * @param cause what a worker met, a {@link org.wordmill.error.WordmillException} where the user
   *     can act on it
   */
  DirectFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
