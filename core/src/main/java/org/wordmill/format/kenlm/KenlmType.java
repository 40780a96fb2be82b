package org.wordmill.format.kenlm;

/** The six kinds of binary files that KenLM writes, in the order of their numbers in the header. */
enum KenlmType {
  PROBING("probing"),
  REST_PROBING("probing with rest costs"),
  TRIE("trie"),
  QUANTIZED_TRIE("quantized trie"),
  ARRAY_TRIE("trie with array pointers"),
  QUANTIZED_ARRAY_TRIE("quantized trie with array pointers");

  private final String title;

  KenlmType(String title) {
    this.title = title;
  }

  boolean trie() {
    return ordinal() >= TRIE.ordinal();
  }

  boolean quantized() {
    return this == QUANTIZED_TRIE || this == QUANTIZED_ARRAY_TRIE;
  }

  /** Whether a trie keeps the high bits of its pointers in arrays of their own. */
  boolean array() {
    return this == ARRAY_TRIE || this == QUANTIZED_ARRAY_TRIE;
  }

  /** The version of the search structures that is read. */
  int version() {
    return trie() ? 1 : 0;
  }

  @Override
  public String toString() {
    return title;
  }
}
