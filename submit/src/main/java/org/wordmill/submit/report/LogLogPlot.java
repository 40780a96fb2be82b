package org.wordmill.submit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Curves over two logarithmic axes as a PNG picture, in which a power of x is a straight line whose
 * slope is the exponent. Ticks stand at the points of the first curve, and at powers of ten.
 */
public final class LogLogPlot {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 480;
  private static final int LEFT = 90;
  private static final int RIGHT = 24;
  private static final int TOP = 56;
  private static final int BOTTOM = 56;
  private static final int INK = 0x333333;
  private static final int GRID = 0xdddddd;
  private static final int[] COLORS = {0xc0392b, 0x2471a3, 0x1e8449, 0x7d3c98};

  /** A point with positive coordinates. */
  public record Point(double x, double y) {}

  private record Curve(String name, List<Point> points) {}

  private final String horizontal;
  private final String vertical;
  private final List<Curve> curves = new ArrayList<>();

  public LogLogPlot(String horizontal, String vertical) {
    this.horizontal = horizontal;
    this.vertical = vertical;
  }

  /** Adds a curve, in the order of its points. */
  public void curve(String name, List<Point> points) {
    if (points.isEmpty() || !points.stream().allMatch(p -> p.x() > 0 && p.y() > 0)) {
      throw new IllegalArgumentException("the curve " + name + " has no logarithm everywhere");
    }
    curves.add(new Curve(name, List.copyOf(points)));
  }

  /** The picture as a PNG file. */
  public byte[] png() {
    List<Point> all = curves.stream().flatMap(curve -> curve.points().stream()).toList();
    double least = all.stream().mapToDouble(Point::y).min().orElse(1);
    double most = all.stream().mapToDouble(Point::y).max().orElse(1);
    Range x =
        new Range(
            all.stream().mapToDouble(Point::x).min().orElse(1),
            all.stream().mapToDouble(Point::x).max().orElse(1),
            LEFT + 12,
            WIDTH - RIGHT - 12);
    int lowest = (int) Math.floor(Math.log10(least));
    int highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10(most)));
    Range y = new Range(Math.pow(10, lowest), Math.pow(10, highest), HEIGHT - BOTTOM, TOP);
    Raster picture = new Raster(WIDTH, HEIGHT);
    for (int power = lowest; power <= highest; power++) {
      double at = y.place(Math.pow(10, power));
      picture.line(LEFT, at, WIDTH - RIGHT, at, 1, GRID);
      String label = number(Math.pow(10, power));
      int left = LEFT - 8 - label.length() * Raster.LETTER;
      picture.text(left, (int) at - Raster.LETTER_HEIGHT / 2, label, INK);
    }
    for (Point point : curves.isEmpty() ? List.<Point>of() : curves.get(0).points()) {
      String label = number(point.x());
      int left = (int) x.place(point.x()) - label.length() * Raster.LETTER / 2;
      picture.line(x.place(point.x()), TOP, x.place(point.x()), HEIGHT - BOTTOM, 1, GRID);
      picture.text(left, HEIGHT - BOTTOM + 8, label, INK);
    }
    picture.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, 1, INK);
    picture.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, 1, INK);
    int middle = (LEFT + WIDTH - RIGHT - horizontal.length() * Raster.LETTER) / 2;
    picture.text(middle, HEIGHT - 22, horizontal, INK);
    picture.text(8, 10, vertical, INK);
    int legend = LEFT;
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      int color = COLORS[i % COLORS.length];
      picture.line(legend, 36, legend + 22, 36, 3, color);
      picture.text(legend + 30, 31, curve.name(), INK);
      legend += 54 + curve.name().length() * Raster.LETTER;
      draw(picture, curve.points(), x, y, color);
    }
    return picture.png();
  }

  private static void draw(Raster picture, List<Point> points, Range x, Range y, int color) {
    for (int i = 0; i < points.size(); i++) {
      double px = x.place(points.get(i).x());
      double py = y.place(points.get(i).y());
      picture.fill((int) px - 3, (int) py - 3, 7, 7, color);
      if (i > 0) {
        Point before = points.get(i - 1);
        picture.line(x.place(before.x()), y.place(before.y()), px, py, 2, color);
      }
    }
  }

  private static String number(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(
            Locale.ROOT, "%." + (int) Math.ceil(-Math.log10(value) - 1e-9) + "f", value);
  }

  /** A logarithmic axis between two places. */
  private record Range(double low, double high, double from, double to) {
    double place(double value) {
      double share = high > low ? Math.log(value / low) / Math.log(high / low) : 0.5;
      return from + share * (to - from);
    }
  }
}
