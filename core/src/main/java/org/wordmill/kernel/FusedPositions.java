package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Positions inside attention: the turn of queries and keys, and the learned bias of scores by
 * distance.
 *
 * <p>The biases of a head lie reversed while they are used, so that those of one query, whose
 * distances fall from left to right, are a contiguous range.
 */
final class FusedPositions {
  private final Lanes lanes;
  private final FusedVectors vectors;
  private @Nullable Tensor reversed;

  FusedPositions(Lanes lanes, FusedVectors vectors) {
    this.lanes = lanes;
    this.vectors = vectors;
  }

  /**
   * Turns queries and keys of [B, T, 3C] in place.
   *
   * @param table of {@link FixedTables#rotations}, from the position of the first row on
   */
  void rotate(Tensor qkv, int heads, Tensor table, int first, boolean inverse) {
    ByteBuffer x = qkv.bytes();
    ByteBuffer turns = table.bytes();
    int time = qkv.dimension(-2);
    int d = qkv.columns() / 3 / heads;
    for (int row = 0; row < qkv.rows(); row++) {
      int turn = (first + row % time) * d;
      // The heads of queries and of keys are one row of equal vectors.
      for (int head = 0; head < 2 * heads; head++) {
        rotate(x, row * qkv.columns() + head * d, turns, turn, d / 2, inverse ? -1 : 1);
      }
    }
  }

  private void rotate(ByteBuffer x, int start, ByteBuffer turns, int turn, int half, float sign) {
    int whole = Lanes.whole(half);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector a = Lanes.load(x, start + i);
      FloatVector b = Lanes.load(x, start + half + i);
      FloatVector c = Lanes.load(turns, turn + i);
      FloatVector s = Lanes.load(turns, turn + half + i).mul(sign);
      Lanes.store(a.mul(c).sub(b.mul(s)), x, start + i);
      Lanes.store(b.mul(c).add(a.mul(s)), x, start + half + i);
    }
    int rest = half - whole;
    if (rest > 0) {
      int at = start + whole;
      FloatVector a = lanes.load(x, at, rest, 0);
      FloatVector b = lanes.load(x, at + half, rest, 0);
      FloatVector c = lanes.load(turns, turn + whole, rest, 0);
      FloatVector s = lanes.load(turns, turn + half + whole, rest, 0).mul(sign);
      lanes.store(a.mul(c).sub(b.mul(s)), x, at, rest);
      lanes.store(b.mul(c).add(a.mul(s)), x, at + half, rest);
    }
  }

  /** Makes the biases [H, longest] of one head the current ones. */
  void use(Tensor bias, int head) {
    int longest = bias.columns();
    ByteBuffer from = bias.bytes();
    ByteBuffer to = reversed(longest).bytes();
    for (int distance = 0; distance < longest; distance++) {
      float value = from.getFloat((head * longest + distance) << 2);
      to.putFloat((longest - 1 - distance) << 2, value);
    }
  }

  /** Adds the current biases to the scores of the query at {@code position}. */
  void addTo(ByteBuffer scores, int start, int position, int longest) {
    int from = longest - 1 - position;
    vectors.copy(reversed(longest).bytes(), from, scores, start, position + 1, true);
  }

  /** Begins the gradient of the biases of one head. */
  void beginGradient(int longest) {
    Lanes.clear(reversed(longest).bytes(), 0, longest);
  }

  /** Gathers the gradient of the scores of the query at {@code position}. */
  void gather(ByteBuffer dScores, int start, int position, int longest) {
    int to = longest - 1 - position;
    vectors.copy(dScores, start, reversed(longest).bytes(), to, position + 1, true);
  }

  /** Adds what was gathered to the gradient [H, longest] of one head. */
  void endGradient(Tensor dBias, int head) {
    int longest = dBias.columns();
    ByteBuffer from = reversed(longest).bytes();
    ByteBuffer to = dBias.bytes();
    for (int distance = 0; distance < longest; distance++) {
      int at = (head * longest + distance) << 2;
      to.putFloat(at, to.getFloat(at) + from.getFloat((longest - 1 - distance) << 2));
    }
  }

  private Tensor reversed(int longest) {
    Tensor known = reversed;
    if (known == null || known.size() < longest) {
      known = Tensor.zeros(Precision.FLOAT, longest);
      reversed = known;
    }
    return known;
  }
}
