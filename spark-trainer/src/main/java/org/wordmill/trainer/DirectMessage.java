package org.wordmill.trainer;

/**
 * What the leader and the workers of a team tell each other. K is the number of the optimizer's
 * state vectors; raw bytes are 32-bit floats.
 */
enum DirectMessage {
  /** Worker to leader, worker to worker: rank, and to the leader host and port of its door. */
  HELLO,
  /** Leader to worker: number of workers, and host and port of each. */
  PEERS,
  /**
   * Leader to worker: the updates made, then raw: the worker's slice of the parameters and of each
   * state vector. The worker gets the rest of the parameters from its peers.
   */
  STATE,
  /** Leader to worker: the step whose gradient is wanted. */
  GRADIENT,
  /** Leader to worker: gradient scale and learning rate; there is no answer. */
  UPDATE,
  /** Leader to worker: the loss on the validation text is wanted. */
  VALIDATE,
  /** Leader to worker: the worker's slices are wanted. */
  COLLECT,
  /** Worker to leader: what was asked for is done. */
  DONE,
  /** Worker to leader: loss and tokens of each of its partitions, times, and squares of blocks. */
  SUMS,
  /** Worker to leader, raw: the worker's slice of the parameters and of each state vector. */
  SLICES,
  /** Worker to leader, every now and then. */
  ALIVE,
  /** Worker to leader: a sentence for the log. */
  NOTICE,
  /** Worker to leader, its last message: the exit code, or -1 for a bug, and what happened. */
  FAULT,
  /** Worker to leader, its last message: why a connection to another worker is of no use. */
  LOST,
  /** Worker to worker on the same machine: see {@link DirectMeeting}. */
  MEMORY,
  /**
   * Worker to worker: step and partition, then raw: the receiver's slice of its gradient, as {@link
   * SparseBlock}s where only the largest elements are sent; or numbers of blocks that are in shared
   * memory, ints, the last one that of all.
   */
  REDUCE,
  /**
   * Worker to worker: the updates made, then raw: the sender's slice of the parameters, or numbers
   * of blocks of it that are in shared memory.
   */
  GATHER
}
