package org.wordmill.model.glyph;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A seeded generator of grey images of the ten digits: each is moved, turned, slanted, stretched,
 * drawn with a thinner or thicker pen, paler or darker, and covered with noise, all at random. An
 * endless data set that nobody has to download.
 *
 * <p>A digit is a bitmap of 5 by 7 cells. A pixel takes its ink from the bilinear interpolation of
 * the cells around the place that it comes from, above a threshold that makes the pen.
 */
public final class GlyphImages {
  /** Pixels of a side. */
  public static final int SIDE = 28;

  /** The number of different glyphs; their classes are 0 .. 9. */
  public static final int CLASSES = 10;

  private static final int COLUMNS = 5;
  private static final int ROWS = 7;

  private static final List<String> BITMAPS =
      List.of(
          ".###." + "#...#" + "#..##" + "#.#.#" + "##..#" + "#...#" + ".###.",
          "..#.." + ".##.." + "..#.." + "..#.." + "..#.." + "..#.." + ".###.",
          ".###." + "#...#" + "....#" + "..##." + ".#..." + "#...." + "#####",
          "####." + "....#" + "....#" + ".###." + "....#" + "....#" + "####.",
          "...#." + "..##." + ".#.#." + "#..#." + "#####" + "...#." + "...#.",
          "#####" + "#...." + "####." + "....#" + "....#" + "#...#" + ".###.",
          ".###." + "#...." + "#...." + "####." + "#...#" + "#...#" + ".###.",
          "#####" + "....#" + "...#." + "..#.." + "..#.." + ".#..." + ".#...",
          ".###." + "#...#" + "#...#" + ".###." + "#...#" + "#...#" + ".###.",
          ".###." + "#...#" + "#...#" + ".####" + "....#" + "....#" + ".###.");

  /**
   * Some images.
   *
   * @param pixels [count, SIDE, SIDE], 0 for paper and 1 for ink, with noise beyond both
   * @param labels which digit each is
   */
  public record Batch(float[] pixels, int[] labels) {}

  private final SplittableRandom random;

  public GlyphImages(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The next images of the sequence that follows from the seed. */
  public Batch next(int count) {
    float[] pixels = new float[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int n = 0; n < count; n++) {
      labels[n] = random.nextInt(CLASSES);
      draw(BITMAPS.get(labels[n]), pixels, n * SIDE * SIDE);
    }
    return new Batch(pixels, labels);
  }

  private void draw(String bitmap, float[] pixels, int start) {
    double centreX = SIDE / 2.0 + between(-3, 3);
    double centreY = SIDE / 2.0 + between(-2.5, 2.5);
    double cellX = between(2.2, 3.6);
    double cellY = between(2.2, 3.2);
    double angle = between(-0.25, 0.25);
    double slant = between(-0.3, 0.3);
    double threshold = between(0.25, 0.6);
    double ink = between(0.6, 1);
    double noise = between(0.05, 0.25);
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        double x = column + 0.5 - centreX;
        double y = row + 0.5 - centreY;
        double down = Math.cos(angle) * y - Math.sin(angle) * x;
        double right = Math.cos(angle) * x + Math.sin(angle) * y + slant * down;
        double level =
            interpolated(bitmap, right / cellX + COLUMNS / 2.0, down / cellY + ROWS / 2.0);
        double covered = Math.min(1, Math.max(0, 4 * (level - threshold) + 0.5));
        pixels[start + row * SIDE + column] =
            (float) (ink * covered + noise * random.nextGaussian());
      }
    }
  }

  /** The bitmap at a place in cells, from the upper left corner. */
  private static double interpolated(String bitmap, double right, double down) {
    int column = (int) Math.floor(right - 0.5);
    int row = (int) Math.floor(down - 0.5);
    double x = right - 0.5 - column;
    double y = down - 0.5 - row;
    return (1 - y) * ((1 - x) * cell(bitmap, column, row) + x * cell(bitmap, column + 1, row))
        + y * ((1 - x) * cell(bitmap, column, row + 1) + x * cell(bitmap, column + 1, row + 1));
  }

  private static double cell(String bitmap, int column, int row) {
    boolean inside = column >= 0 && column < COLUMNS && row >= 0 && row < ROWS;
    return inside && bitmap.charAt(row * COLUMNS + column) == '#' ? 1 : 0;
  }

  private double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
