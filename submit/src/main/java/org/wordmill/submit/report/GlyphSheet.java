package org.wordmill.submit.report;

/**
 * Grey pictures side by side on one sheet, each in its frame with a line of text below, as a PNG
 * file.
 */
public final class GlyphSheet {
  private static final int GAP = 8;
  private static final int BLACK = 0;
  private static final int RED = 0xc02020;

  private final Raster raster;
  private final int side;
  private final int zoom;
  private final int perRow;
  private int count;

  /**
   * @param pictures how many there will be
   * @param side pixels of a picture's side, which are drawn {@code zoom} times as large
   */
  public GlyphSheet(int pictures, int perRow, int side, int zoom) {
    this.perRow = perRow;
    this.side = side;
    this.zoom = zoom;
    int rows = (pictures + perRow - 1) / perRow;
    this.raster = new Raster(GAP + perRow * width(), GAP + rows * height());
  }

  private int width() {
    return side * zoom + GAP;
  }

  private int height() {
    return side * zoom + Raster.LETTER_HEIGHT + 2 * GAP;
  }

  /**
   * Adds a picture.
   *
   * @param low the value that is white, {@code high} the one that is black; what is beyond is cut
   * @param marked whether the text is red
   */
  public void add(float[] pixels, int start, double low, double high, String text, boolean marked) {
    int left = GAP + count % perRow * width();
    int top = GAP + count / perRow * height();
    count++;
    raster.fill(left - 1, top - 1, side * zoom + 2, side * zoom + 2, BLACK);
    for (int i = 0; i < side * side; i++) {
      double share = (pixels[start + i] - low) / (high - low);
      int grey = 255 - (int) Math.round(255 * Math.min(1, Math.max(0, share)));
      int color = grey << 16 | grey << 8 | grey;
      raster.fill(left + i % side * zoom, top + i / side * zoom, zoom, zoom, color);
    }
    raster.text(left, top + side * zoom + GAP / 2, text, marked ? RED : BLACK);
  }

  /** The sheet as a PNG file. */
  public byte[] png() {
    return raster.png();
  }
}
