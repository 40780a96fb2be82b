package org.wordmill.submit.report;

import java.util.List;

/** A {@link RunReport} as an HTML page of its own. All text from outside is escaped. */
public final class RunPage {
  private RunPage() {}

  /** The page, UTF-8 when it is written. */
  public static String html(RunReport report) {
    StringBuilder page = new StringBuilder(1 << 16);
    Html.head(page, report.title(), report.summary());
    Html.facts(page, report.facts());
    loss(page, report);
    for (RunReport.Chart chart : report.charts()) {
      if (!chart.points().isEmpty()) {
        LineChart lines = new LineChart("training step", chart.unit());
        lines.line("every logged step", "faint", chart.points());
        lines.line("smoothed", "smooth", Html.smoothed(chart.points()));
        figure(page, chart.name(), lines);
      }
    }
    if (!report.samples().isEmpty()) {
      Html.samples(page, "What it wrote", report.samples());
    }
    Html.settings(page, report.settings(), report.versions());
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private static void loss(StringBuilder page, RunReport report) {
    List<Report.Point> training = Html.finite(report.training());
    List<Report.Point> validation = Html.finite(report.validation());
    if (training.isEmpty() && validation.isEmpty()) {
      return;
    }
    LineChart chart = new LineChart("training step", "nats per token");
    chart.line("training batch", "faint", training);
    chart.line("training, smoothed", "smooth", Html.smoothed(training));
    chart.dots("held-out text", "heldout", validation);
    figure(page, "Loss", chart);
  }

  private static void figure(StringBuilder page, String heading, LineChart chart) {
    page.append("<h2>")
        .append(Html.escape(heading))
        .append("</h2>\n<figure>")
        .append(chart.svg())
        .append("</figure>\n");
  }
}
