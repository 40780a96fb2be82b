package org.wordmill.trainer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/**
 * Some pieces of text with their counts, as they go to the driver. A plain class of arrays, because
 * Kryo cannot write the fields of a record.
 */
final class CountedPieces implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] pieces;
  private final long[] counts;

  private CountedPieces(String[] pieces, long[] counts) {
    this.pieces = pieces;
    this.counts = counts;
  }

  static CountedPieces of(Iterator<Tuple2<String, Long>> pairs) {
    List<Tuple2<String, Long>> all = new ArrayList<>();
    pairs.forEachRemaining(all::add);
    return new CountedPieces(
        all.stream().map(Tuple2::_1).toArray(String[]::new),
        all.stream().mapToLong(Tuple2::_2).toArray());
  }

  int size() {
    return pieces.length;
  }

  String piece(int i) {
    return pieces[i];
  }

  long count(int i) {
    return counts[i];
  }
}
