package org.wordmill.train;

/** How the workers of one run come by parameters, and what they have computed comes together. */
public interface WorkerSync extends AutoCloseable {

  /** A short name for logs. */
  String name();

  /**
   * Brings the run's parameters and the optimizer's state into its vectors, before they are saved
   * or looked at: some ways leave them where the updates are made.
   */
  default void collect() {}

  /**
   * Whether updates are made elsewhere, so that the run's vectors change in {@link #collect} only.
   * Otherwise they change in updates only, and {@link #collect} does nothing.
   */
  default boolean updatesElsewhere() {
    return false;
  }

  /** The loss of the run's parameters on the validation text. */
  BatchSum validate(long step);

  @Override
  void close();
}
