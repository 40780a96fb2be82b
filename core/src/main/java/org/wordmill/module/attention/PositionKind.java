package org.wordmill.module.attention;

/** How a Transformer knows where in the sequence a token stands. */
public enum PositionKind {
  /** A learned vector for each position is added to the embedding: GPT, GPT-2. */
  LEARNED,
  /** A fixed vector of sines and cosines is added: Vaswani et al., 2017, section 3.5. */
  SINUSOIDAL,
  /**
   * A learned number for each head and distance is added to the scores of every layer: the scalar
   * bias of Raffel et al., Exploring the limits of transfer learning, 2020, section 2.1, without
   * its logarithmic buckets, because a context is short enough for a number at every distance.
   */
  RELATIVE,
  /** Queries and keys are turned by an angle that grows with the position: Su et al., 2021. */
  ROTARY,
  /** Not at all: only the causal mask tells one order of the past from another. */
  NONE;

  /** Whether a vector is added to the embeddings, before the first block. */
  public boolean isAddedToEmbeddings() {
    return this == LEARNED || this == SINUSOIDAL;
  }
}
