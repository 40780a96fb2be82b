package org.wordmill.submit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A chart of lines over steps as inline SVG, styled by the page. The axes have round ticks; the
 * vertical one shows all of the data but the first spikes of training.
 */
final class LineChart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 400;
  private static final int LEFT = 56;
  private static final int RIGHT = 168;
  private static final int TOP = 40;
  private static final int BOTTOM = 44;
  private static final double LABEL_DISTANCE = 15;
  private static final double LEGEND_LETTER = 6.5;

  private final String horizontal;
  private final String vertical;
  private final List<Series> series = new ArrayList<>();
  private final List<Level> levels = new ArrayList<>();

  private record Series(String name, String style, List<Report.Point> points, boolean dots) {}

  private record Level(String name, double value) {}

  LineChart(String horizontal, String vertical) {
    this.horizontal = horizontal;
    this.vertical = vertical;
  }

  void line(String name, String style, List<Report.Point> points) {
    series.add(new Series(name, style, points, false));
  }

  void dots(String name, String style, List<Report.Point> points) {
    series.add(new Series(name, style, points, true));
  }

  /** A dashed horizontal line with its name at its right end. */
  void level(String name, double value) {
    if (Double.isFinite(value)) {
      levels.add(new Level(name, value));
    }
  }

  String svg() {
    double mostSteps =
        Math.max(
            1,
            series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Report.Point::step)
                .max()
                .orElse(1));
    DoubleStream values =
        DoubleStream.concat(
            series.stream().flatMap(s -> s.points().stream()).mapToDouble(Report.Point::loss),
            levels.stream().mapToDouble(Level::value));
    double[] all = values.filter(Double::isFinite).toArray();
    double most = DoubleStream.of(all).max().orElse(1);
    double least = DoubleStream.of(all).min().orElse(0);
    double stepsTick = tick(mostSteps, 8);
    double valueTick = tick(Math.max(most - least, 1e-9), 6);
    double bottom = Math.floor(least / valueTick) * valueTick;
    double top = Math.ceil(most / valueTick) * valueTick;
    Scale scale = new Scale(mostSteps, bottom, Math.max(top, bottom + valueTick));

    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s over %s\">%n",
            WIDTH,
            HEIGHT,
            Html.escape(vertical),
            Html.escape(horizontal)));
    grid(svg, scale, stepsTick, valueTick);
    for (Series one : series) {
      svg.append(one.dots() ? circles(one, scale) : path(one, scale));
    }
    labels(svg, scale);
    legend(svg);
    return svg.append("</svg>\n").toString();
  }

  private record Scale(double mostSteps, double bottom, double top) {
    double x(double step) {
      return LEFT + step / mostSteps * (WIDTH - LEFT - RIGHT);
    }

    double y(double value) {
      return TOP + (top - value) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
    }
  }

  /** The round distance (1, 2 or 5 times a power of ten) that gives at most so many ticks. */
  static double tick(double range, int ticks) {
    double power = Math.pow(10, Math.floor(Math.log10(range / ticks)));
    for (double factor : new double[] {1, 2, 5}) {
      if (range / (factor * power) <= ticks) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private void grid(StringBuilder svg, Scale scale, double stepsTick, double valueTick) {
    for (int i = 0; scale.bottom() + i * valueTick <= scale.top() + valueTick / 2; i++) {
      double value = scale.bottom() + i * valueTick;
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
              LEFT,
              WIDTH - RIGHT,
              scale.y(value),
              scale.y(value),
              LEFT - 8,
              scale.y(value) + 4,
              number(value, valueTick)));
    }
    for (int i = 0; i * stepsTick <= scale.mostSteps() * 1.0001; i++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              scale.x(i * stepsTick),
              HEIGHT - BOTTOM + 18,
              number(i * stepsTick, stepsTick)));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"axis\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                + "<text class=\"axis\" transform=\"translate(14 %.1f) rotate(-90)\""
                + " text-anchor=\"middle\">%s</text>%n",
            (LEFT + WIDTH - RIGHT) / 2.0,
            HEIGHT - 6,
            Html.escape(horizontal),
            (TOP + HEIGHT - BOTTOM) / 2.0,
            Html.escape(vertical)));
  }

  private static String number(double value, double tick) {
    int digits = Math.max(0, (int) -Math.floor(Math.log10(tick)));
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  private static String path(Series one, Scale scale) {
    StringBuilder points = new StringBuilder();
    for (Report.Point point : one.points()) {
      points.append(
          String.format(Locale.ROOT, "%.1f,%.1f ", scale.x(point.step()), scale.y(point.loss())));
    }
    return "<polyline class=\""
        + one.style()
        + "\" points=\""
        + points.toString().strip()
        + "\"/>\n";
  }

  private static String circles(Series one, Scale scale) {
    StringBuilder circles = new StringBuilder(path(one, scale));
    for (Report.Point point : one.points()) {
      circles.append(
          String.format(
              Locale.ROOT,
              "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>step %d: %.3f</title>"
                  + "</circle>%n",
              one.style(),
              scale.x(point.step()),
              scale.y(point.loss()),
              point.step(),
              point.loss()));
    }
    return circles.toString();
  }

  /** The dashed levels, their names pushed apart where they would overlap. */
  private void labels(StringBuilder svg, Scale scale) {
    double free = TOP;
    for (Level level :
        levels.stream().sorted((a, b) -> Double.compare(b.value(), a.value())).toList()) {
      double y = scale.y(level.value());
      double label = Math.max(y + 4, free);
      free = label + LABEL_DISTANCE;
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"level\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text class=\"name\" x=\"%d\" y=\"%.1f\">%s %.2f</text>%n",
              LEFT,
              WIDTH - RIGHT,
              y,
              y,
              WIDTH - RIGHT + 8,
              label,
              Html.escape(level.name()),
              level.value()));
    }
  }

  /** Above the chart, where no line can run through it. */
  private void legend(StringBuilder svg) {
    double x = LEFT;
    for (Series one : series) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"12\" y2=\"12\"/>"
                  + "<text class=\"name\" x=\"%.1f\" y=\"16\">%s</text>%n",
              one.style(),
              x,
              x + 22,
              x + 28,
              Html.escape(one.name())));
      x += 28 + LEGEND_LETTER * one.name().length() + 24;
    }
  }
}
