package org.wordmill.train;

/** What the replicas of a round have come to, wherever it lies: {@link Replica#vectors} of each. */
@FunctionalInterface
public interface ReplicaVectors {

  /**
   * Copies elements of a vector.
   *
   * @param replica in the order of the partitions, counted from 0
   * @param vector in the order of {@link TrainingState#replicated}, counted from 0
   * @param from the first element, a multiple of {@link RoundMean#PIECE}
   * @param into as many as are wanted
   */
  void read(int replica, int vector, int from, float[] into);
}
