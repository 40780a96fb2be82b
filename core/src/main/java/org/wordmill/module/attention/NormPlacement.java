package org.wordmill.module.attention;

/** Where a Transformer block normalizes. */
public enum NormPlacement {
  /** x + f(norm(x)), and once more behind the last block: GPT-2 and later. */
  PRE,
  /** norm(x + f(x)): the original Transformer, and GPT. */
  POST
}
