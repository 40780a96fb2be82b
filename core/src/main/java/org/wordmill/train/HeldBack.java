package org.wordmill.train;

import java.util.Arrays;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * What one partition has computed of its gradients and not sent yet, by {@link TopK}. A step's
 * gradient is {@linkplain #select given up} to its largest elements, and only when the step has led
 * to an update does the rest {@linkplain #commit count}: a step that is skipped, or computed twice,
 * leaves no trace. With the first step of a period everything is forgotten, though there is
 * something only where the update before was skipped.
 *
 * <p>Memory: {@value #VECTORS} vectors as long as the gradient.
 */
public final class HeldBack {
  /** How many vectors as long as the gradient it takes. */
  public static final int VECTORS = 2;

  /** Bits of a magnitude, the sign apart, by which it is sorted at once: 11, 10 and 10. */
  private static final int UPPER = 20;

  private static final int MIDDLE = 10;
  private static final int SIGN = Integer.MIN_VALUE;

  private final TopK rule;
  private final Kernels kernels;
  private final int[] histogram = new int[1 << Integer.SIZE - 1 - UPPER];
  private VectorBlocks held;
  private VectorBlocks next;
  private long period = -1;
  private float[] values = {};
  private float[] rest = {};

  /**
   * Holds nothing back yet.
   *
   * @param kernels of the thread that selects
   * @param size of the gradient
   */
  public HeldBack(TopK rule, Kernels kernels, long size) {
    this.rule = rule;
    this.kernels = kernels;
    this.held = new VectorBlocks(kernels.zeros(Math.toIntExact(size)));
    this.next = new VectorBlocks(kernels.zeros(Math.toIntExact(size)));
  }

  /**
   * Adds what was held back to a gradient, and leaves the elements there that are to be sent, with
   * zeros in the place of all others. Elements that are not finite are sent before all others, and
   * of equal ones those at the front.
   *
   * @param step of the gradient, counted from 0
   */
  public void select(long step, Tensor gradient) {
    boolean begins = rule.periodOf(step) != period;
    period = rule.periodOf(step);
    VectorBlocks blocks = new VectorBlocks(gradient);
    for (int i = 0; i < blocks.count(); i++) {
      if (begins) {
        held.block(i).fill(0);
      }
      kernels.addScaled(held.block(i), 1, blocks.block(i));
      if (rule.sendsAll(step)) {
        next.block(i).fill(0);
      } else {
        split(blocks.block(i), next.block(i));
      }
    }
  }

  /** The step of the last {@link #select} has led to an update. */
  public void commit() {
    VectorBlocks sent = held;
    held = next;
    next = sent;
  }

  private void split(Tensor block, Tensor after) {
    int size = Math.toIntExact(block.size());
    if (values.length != size) {
      values = new float[size];
      rest = new float[size];
    }
    block.copyTo(values);
    int count = rule.of(size);
    int least = magnitude(values, count);
    int ties = count;
    for (float value : values) {
      ties -= magnitude(value) > least ? 1 : 0;
    }
    for (int i = 0; i < size; i++) {
      int magnitude = magnitude(values[i]);
      boolean goes = magnitude > least || magnitude == least && ties-- > 0;
      rest[i] = goes ? 0 : values[i];
      values[i] = goes ? values[i] : 0;
    }
    block.copyFrom(values);
    after.copyFrom(rest);
  }

  /** Ordered as absolute values are, with NaN above all. */
  private static int magnitude(float value) {
    return Float.floatToRawIntBits(value) & ~SIGN;
  }

  /** The magnitude of the element that {@code count - 1} others do not fall below: radix select. */
  private int magnitude(float[] from, int count) {
    int left = count;
    int known = 0;
    int shift = Integer.SIZE - 1;
    for (int lower : new int[] {UPPER, MIDDLE, 0}) {
      int digits = (1 << shift - lower) - 1;
      Arrays.fill(histogram, 0);
      for (float value : from) {
        int magnitude = magnitude(value);
        if (magnitude >>> shift == known) {
          histogram[magnitude >>> lower & digits]++;
        }
      }
      int digit = digits;
      while (histogram[digit] < left) {
        left -= histogram[digit--];
      }
      known = known << shift - lower | digit;
      shift = lower;
    }
    return known;
  }
}
