package org.wordmill.format.ngramtable;

import org.wordmill.lm.LanguageModel;

/**
 * A walk through a table along a text, one word after the other, without making any object: each
 * {@link #step} tells log10 p(word | the words before) and moves on.
 *
 * <p>A walk belongs to one thread; many may go through one table at a time.
 */
public final class TableWalk {
  private final NgramTable table;
  private TableState here;
  private TableState next;

  TableWalk(NgramTable table) {
    this.table = table;
    here = new TableState(table.order() - 1);
    next = new TableState(table.order() - 1);
  }

  /** Goes to where a state is. */
  public TableWalk from(LanguageModel.State state) {
    here.set((TableState) state);
    return this;
  }

  /**
   * log10 p(word | the words before), negative infinity for {@code <s>}; the word is then before.
   */
  public double step(int word) {
    double log10 = table.step(here, word, next);
    TableState swap = here;
    here = next;
    next = swap;
    return log10;
  }

  /** Where the walk is, as a value of its own. */
  public LanguageModel.State state() {
    return here.copy();
  }

  /** Whether this is where {@code state} is. */
  public boolean isAt(LanguageModel.State state) {
    return here.equals(state);
  }
}
