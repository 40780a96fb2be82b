package org.wordmill.trainer;

import java.util.function.Consumer;

/** Who has the workers of a team started. */
interface DirectCrew {

  /**
   * How many workers there can be now.
   *
   * @param before how many there were, some of which may be back soon; 0 to wait for nobody
   */
  int workers(int before) throws InterruptedException;

  /** Whether there are more by now than so many that are at work. */
  boolean hasMore(int workers);

  /**
   * Starts the workers of a task.
   *
   * @param ended told when no worker is left, and why
   * @return sees to it that none is left, after the leader has ended its connections
   */
  Runnable start(DirectTask task, Consumer<Throwable> ended);
}
