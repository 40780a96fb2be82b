package org.wordmill.ngram;

/**
 * The n-grams of order k+1 that begin with each n-gram of order k: those of prefix p are {@code
 * entries[offsets[p] .. offsets[p + 1])}.
 */
record NgramChildren(int[] offsets, int[] entries) {

  int begin(int prefix) {
    return offsets[prefix];
  }

  int end(int prefix) {
    return offsets[prefix + 1];
  }

  int entry(int i) {
    return entries[i];
  }
}
