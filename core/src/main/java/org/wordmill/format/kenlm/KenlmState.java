package org.wordmill.format.kenlm;

import org.wordmill.lm.LanguageModel;

/**
 * What a KenLM file needs of the history: its last words, the last one first, as many as begin
 * longer n-grams or have a back-off weight, and the weights of the contexts that they make.
 *
 * <p>An immutable value for everybody but who made it.
 */
final class KenlmState implements LanguageModel.State {
  final int[] words;
  final float[] backoffs;
  int length;

  KenlmState(int contexts) {
    words = new int[contexts];
    backoffs = new float[contexts];
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof KenlmState state) || state.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (words[i] != state.words[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + words[i];
    }
    return hash;
  }
}
