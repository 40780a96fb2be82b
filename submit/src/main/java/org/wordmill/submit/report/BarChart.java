package org.wordmill.submit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Quantities side by side as a PNG picture: a bar each, from zero, of one or two pieces. */
public final class BarChart {
  private static final int WIDTH = 860;
  private static final int TOP = 56;
  private static final int ROW = 26;
  private static final int BOTTOM = 20;
  private static final int GAP = 12;
  private static final int NUMBERS = 80;
  private static final int INK = 0x333333;
  private static final int[] COLORS = {0x2471a3, 0xc0392b};

  private record Bar(String name, double first, double second) {}

  private final String title;
  private final List<String> pieces;
  private final List<Bar> bars = new ArrayList<>();

  /**
   * @param title with the unit
   * @param first what the first piece of a bar is
   * @param second what the second piece is
   */
  public BarChart(String title, String first, String second) {
    this.title = title;
    this.pieces = List.of(first, second);
  }

  /** Adds a bar below the others. */
  public void bar(String name, double first, double second) {
    if (!(first >= 0) || !(second >= 0) || Double.isInfinite(first + second)) {
      throw new IllegalArgumentException("the bar " + name + " of " + first + " and " + second);
    }
    bars.add(new Bar(name, first, second));
  }

  /** The picture as a PNG file. */
  public byte[] png() {
    int letters = bars.stream().mapToInt(bar -> bar.name().length()).max().orElse(0);
    int left = 16 + letters * Raster.LETTER + GAP;
    double most = bars.stream().mapToDouble(bar -> bar.first() + bar.second()).max().orElse(0);
    double scale = most > 0 ? (WIDTH - left - NUMBERS) / most : 0;
    Raster picture = new Raster(WIDTH, TOP + ROW * bars.size() + BOTTOM);
    picture.text(16, 10, title, INK);
    int legend = 16;
    for (int i = 0; i < pieces.size(); i++) {
      picture.fill(legend, 32, 14, 10, COLORS[i]);
      picture.text(legend + 22, 31, pieces.get(i), INK);
      legend += 46 + pieces.get(i).length() * Raster.LETTER;
    }
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = TOP + ROW * i;
      int middle = left + (int) Math.round(bar.first() * scale);
      int end = left + (int) Math.round((bar.first() + bar.second()) * scale);
      picture.text(16, y + 4, bar.name(), INK);
      picture.fill(left, y, middle - left, ROW - 8, COLORS[0]);
      picture.fill(middle, y, end - middle, ROW - 8, COLORS[1]);
      String number = String.format(Locale.ROOT, "%.2f", bar.first() + bar.second());
      picture.text(end + 6, y + 4, number, INK);
    }
    return picture.png();
  }
}
