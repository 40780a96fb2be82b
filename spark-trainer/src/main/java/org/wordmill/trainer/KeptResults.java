package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.storage.BlockManagerId;
import org.jspecify.annotations.Nullable;

/**
 * What the driver knows of results that processes keep, one for each number of a range. Safe for
 * use by several threads.
 *
 * @param <K> what is known of one
 */
final class KeptResults<K extends Kept> {
  /** Times in a row that nothing comes through, as Spark has it for a task. */
  private static final int ATTEMPTS = 4;

  private final String what;
  private final List<@Nullable K> results;

  /** Those that are there, as far as is known. */
  private final BitSet there = new BitSet();

  private @Nullable IOException loss;
  private int failures;

  /**
   * @param what they are, in the plural
   * @param count how many there will be
   */
  KeptResults(String what, int count) {
    this.what = what;
    this.results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(null);
    }
  }

  int count() {
    return results.size();
  }

  /** Learns of a result. */
  synchronized void found(K result) {
    results.set(result.number(), result);
    there.set(result.number());
  }

  /** The result, unless nobody keeps it, as far as is known. */
  synchronized @Nullable K get(int number) {
    return there.get(number) ? results.get(number) : null;
  }

  /** Those that nobody keeps, as far as is known. */
  synchronized List<Integer> missing() {
    return IntStream.range(0, count()).filter(number -> !there.get(number)).boxed().toList();
  }

  /**
   * Forgets where results are that a lost process kept.
   *
   * @param from the first of those that are still wanted
   */
  synchronized void lose(BlockManagerId place, int from, IOException cause) {
    loss = cause;
    for (int number = there.nextSetBit(from); number >= 0; number = there.nextSetBit(number + 1)) {
      K result = results.get(number);
      if (result != null && result.place().equals(place)) {
        there.clear(number);
      }
    }
  }

  /** What was told of all of them, in order, whether they are still kept or not. */
  synchronized List<K> all() {
    List<K> all = new ArrayList<>();
    for (K result : results) {
      if (result == null) {
        throw new IllegalStateException("the first of " + what + " missing is " + all.size());
      }
      all.add(result);
    }
    return all;
  }

  /**
   * Counts an attempt to get hold of them.
   *
   * @param progress whether anything has come through
   * @throws IllegalStateException when nothing has for too long
   */
  synchronized void attempted(boolean progress) {
    failures = progress ? 0 : failures + 1;
    if (failures == ATTEMPTS) {
      throw new IllegalStateException(
          what + " were computed %d times, and lost each time".formatted(ATTEMPTS), loss);
    }
  }
}
