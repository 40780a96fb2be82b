package org.wordmill.model.glyph;

import java.util.Arrays;

/**
 * What a training of the classifier came to.
 *
 * @param loss of the last step, in nats per image
 * @param confusion of the held-out images, [true digit][answer]
 * @param shown some of the held-out images, and {@code answers} what was said to them
 * @param filters the weights [8, 5, 5] of the first convolution
 */
public record GlyphReport(
    int steps,
    double loss,
    long parameters,
    int[][] confusion,
    GlyphImages.Batch shown,
    int[] answers,
    float[] filters) {

  /** The number of held-out images. */
  public int tested() {
    return GlyphTraining.total(confusion);
  }

  /** The share of all held-out images that were read right. */
  public double accuracy() {
    int right = 0;
    for (int digit = 0; digit < confusion.length; digit++) {
      right += confusion[digit][digit];
    }
    return (double) right / tested();
  }

  /** The share of the images of one digit that were read right; 1 where there were none. */
  public double accuracy(int digit) {
    int all = Arrays.stream(confusion[digit]).sum();
    return all == 0 ? 1 : (double) confusion[digit][digit] / all;
  }
}
