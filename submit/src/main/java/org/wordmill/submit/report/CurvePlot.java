package org.wordmill.submit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Curves over steps as a PNG picture, both axes linear: what a learning curve is drawn on. */
public final class CurvePlot {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 480;
  private static final int LEFT = 90;
  private static final int RIGHT = 24;
  private static final int TOP = 56;
  private static final int BOTTOM = 56;
  private static final int INK = 0x333333;
  private static final int GRID = 0xdddddd;
  private static final int[] COLORS = {0x2471a3, 0xc0392b, 0x1e8449, 0x7d3c98};
  private static final int MOST_TICKS = 8;

  private record Curve(String name, List<Report.Point> points) {}

  private final String horizontal;
  private final String vertical;
  private final List<Curve> curves = new ArrayList<>();

  public CurvePlot(String horizontal, String vertical) {
    this.horizontal = horizontal;
    this.vertical = vertical;
  }

  /** Adds a curve, in the order of its points; those that are not finite are left out. */
  public void curve(String name, List<Report.Point> points) {
    List<Report.Point> finite =
        points.stream().filter(point -> Double.isFinite(point.loss())).toList();
    if (!finite.isEmpty()) {
      curves.add(new Curve(name, finite));
    }
  }

  /** Whether there is nothing to draw. */
  public boolean isEmpty() {
    return curves.isEmpty();
  }

  /** The picture as a PNG file. */
  public byte[] png() {
    List<Report.Point> all = curves.stream().flatMap(curve -> curve.points().stream()).toList();
    Axis x =
        new Axis(
            0,
            all.stream().mapToDouble(Report.Point::step).max().orElse(1),
            LEFT,
            WIDTH - RIGHT - 12);
    Axis y =
        new Axis(
            all.stream().mapToDouble(Report.Point::loss).min().orElse(0),
            all.stream().mapToDouble(Report.Point::loss).max().orElse(1),
            HEIGHT - BOTTOM - 12,
            TOP + 4);
    Raster picture = new Raster(WIDTH, HEIGHT);
    for (double value : y.ticks()) {
      picture.line(LEFT, y.place(value), WIDTH - RIGHT, y.place(value), 1, GRID);
      String label = y.label(value);
      int left = LEFT - 8 - label.length() * Raster.LETTER;
      picture.text(left, (int) y.place(value) - Raster.LETTER_HEIGHT / 2, label, INK);
    }
    for (double value : x.ticks()) {
      picture.line(x.place(value), TOP, x.place(value), HEIGHT - BOTTOM, 1, GRID);
      String label = x.label(value);
      int left = (int) x.place(value) - label.length() * Raster.LETTER / 2;
      picture.text(left, HEIGHT - BOTTOM + 8, label, INK);
    }
    picture.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, 1, INK);
    picture.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, 1, INK);
    int middle = (LEFT + WIDTH - RIGHT - horizontal.length() * Raster.LETTER) / 2;
    picture.text(middle, HEIGHT - 22, horizontal, INK);
    picture.text(8, 10, vertical, INK);
    int legend = LEFT;
    for (int i = 0; i < curves.size(); i++) {
      int color = COLORS[i % COLORS.length];
      String name = curves.get(i).name();
      picture.line(legend, 36, legend + 22, 36, 3, color);
      picture.text(legend + 30, 31, name, INK);
      legend += 54 + name.length() * Raster.LETTER;
      draw(picture, curves.get(i).points(), x, y, color);
    }
    return picture.png();
  }

  private static void draw(Raster picture, List<Report.Point> points, Axis x, Axis y, int color) {
    for (int i = 0; i < points.size(); i++) {
      double px = x.place(points.get(i).step());
      double py = y.place(points.get(i).loss());
      picture.fill((int) px - 1, (int) py - 1, 3, 3, color);
      if (i > 0) {
        Report.Point before = points.get(i - 1);
        picture.line(x.place(before.step()), y.place(before.loss()), px, py, 2, color);
      }
    }
  }

  /** A linear axis between two places. */
  private record Axis(double low, double high, double from, double to) {
    double place(double value) {
      return from + (high > low ? (value - low) / (high - low) : 0.5) * (to - from);
    }

    private double tick() {
      return LineChart.tick(Math.max(high - low, 1e-9), MOST_TICKS);
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      double tick = tick();
      for (long i = (long) Math.ceil(low / tick - 1e-9); i * tick <= high + tick * 1e-9; i++) {
        ticks.add(i * tick);
      }
      return ticks;
    }

    String label(double value) {
      int decimals = Math.max(0, (int) Math.ceil(-Math.log10(tick()) - 1e-9));
      return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
  }
}
