package org.wordmill.submit.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link Report} as an HTML page. All text from outside is escaped. */
public final class Html {
  private static final String STYLE = "/org/wordmill/submit/report/report.css";
  private static final double LN_2 = Math.log(2);

  private Html() {}

  /** The page, UTF-8 when it is written. */
  public static String page(Report report) {
    StringBuilder page = new StringBuilder(1 << 16);
    head(page, report.title(), report.summary());
    facts(page, report.facts());
    models(page, report.models());
    curve(page, report.curve());
    samples(page, "What they write", report.samples());
    ngrams(page, report.ngrams());
    commands(page, report.commands());
    settings(page, report.settings(), report.versions());
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  static void head(StringBuilder page, String title, String summary) {
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>")
        .append(escape(title))
        .append("</title>\n<style>\n")
        .append(style())
        .append("</style>\n</head>\n<body>\n<main>\n<h1>")
        .append(escape(title))
        .append("</h1>\n<p class=\"summary\">")
        .append(escape(summary))
        .append("</p>\n");
  }

  static void facts(StringBuilder page, Map<String, String> facts) {
    page.append("<dl class=\"facts\">\n");
    facts.forEach(
        (name, value) ->
            page.append("<div><dt>")
                .append(escape(name))
                .append("</dt><dd>")
                .append(escape(value))
                .append("</dd></div>\n"));
    page.append("</dl>\n");
  }

  private static void models(StringBuilder page, List<Report.Model> models) {
    double worst = models.stream().mapToDouble(Report.Model::bitsPerCharacter).max().orElse(1);
    double best = models.stream().mapToDouble(Report.Model::bitsPerCharacter).min().orElse(0);
    page.append("<h2>Three models, one text</h2>\n<p>Bits per character: how many bits a model ")
        .append("needs, on average, to tell the next character of a test text. Fewer is ")
        .append("better, and the unit is the same for models of words and of characters.</p>\n")
        .append("<table class=\"models\">\n<thead><tr><th>Model</th><th>Bits per character</th>")
        .append("<th class=\"number\">Perplexity</th><th class=\"number\">Size</th></tr></thead>\n")
        .append("<tbody>\n");
    for (Report.Model model : models) {
      double bits = model.bitsPerCharacter();
      page.append(bits == best ? "<tr class=\"best\">" : "<tr>")
          .append("<td><strong>")
          .append(escape(model.name()))
          .append("</strong><br><small>")
          .append(escape(model.description()))
          .append("</small></td><td class=\"bar\"><span style=\"width:")
          .append(decimals(2, 100 * bits / worst * 0.78))
          .append("%\"></span><b>")
          .append(decimals(3, bits))
          .append("</b></td><td class=\"number\">")
          .append(decimals(2, model.perplexity()))
          .append("<br><small>per ")
          .append(escape(model.unit()))
          .append("</small></td><td class=\"number\">")
          .append(escape(model.size()))
          .append("</td></tr>\n");
    }
    page.append("</tbody>\n</table>\n");
  }

  private static void curve(StringBuilder page, Report.Curve curve) {
    LineChart chart = new LineChart("training step", "bits per character");
    chart.line("training batch", "faint", bits(curve.training()));
    chart.line("training, smoothed", "smooth", bits(smoothed(curve.training())));
    chart.dots("held-out sentences", "heldout", bits(curve.validation()));
    curve.references().forEach((name, loss) -> chart.level(name, loss / LN_2));
    page.append("<h2>Learning curve</h2>\n<p>The Transformer reads the training text again and ")
        .append("again, in batches of random places. The dots are its score, while it learns, on ")
        .append("sentences that were held out of the training text; the best of them says which ")
        .append("state is kept. The dashed lines are the scores of the other models on the same ")
        .append("sentences.</p>\n<figure>")
        .append(chart.svg())
        .append("</figure>\n");
  }

  static List<Report.Point> finite(List<Report.Point> points) {
    return points.stream().filter(point -> Double.isFinite(point.loss())).toList();
  }

  private static List<Report.Point> bits(List<Report.Point> nats) {
    return finite(nats).stream()
        .map(point -> new Report.Point(point.step(), point.loss() / LN_2))
        .toList();
  }

  /** An exponential moving average whose memory is a sixtieth of the run. */
  static List<Report.Point> smoothed(List<Report.Point> points) {
    double keep = Math.exp(-60.0 / Math.max(60, points.size()));
    double sum = 0;
    double weight = 0;
    List<Report.Point> smooth = new ArrayList<>();
    for (Report.Point point : points) {
      if (Double.isFinite(point.loss())) {
        sum = keep * sum + point.loss();
        weight = keep * weight + 1;
        smooth.add(new Report.Point(point.step(), sum / weight));
      }
    }
    return smooth;
  }

  static void samples(StringBuilder page, String heading, List<Report.Sample> samples) {
    page.append("<h2>").append(escape(heading)).append("</h2>\n<div class=\"samples\">\n");
    for (Report.Sample sample : samples) {
      page.append("<section><h3>")
          .append(escape(sample.model()))
          .append("</h3><blockquote><span class=\"prompt\">")
          .append(escape(sample.prompt()))
          .append("</span>")
          .append(escape(sample.text()))
          .append("</blockquote></section>\n");
    }
    page.append("</div>\n");
  }

  private static void ngrams(StringBuilder page, List<Report.FrequentNgrams> orders) {
    page.append("<h2>The most frequent n-grams</h2>\n<div class=\"ngrams\">\n");
    for (Report.FrequentNgrams ngrams : orders) {
      page.append("<table><caption>order ")
          .append(ngrams.order())
          .append(", ")
          .append(String.format(Locale.ROOT, "%,d", ngrams.distinct()))
          .append(" different</caption>\n");
      for (Report.Count count : ngrams.top()) {
        page.append("<tr><td>")
            .append(escape(count.ngram()))
            .append("</td><td class=\"number\">")
            .append(String.format(Locale.ROOT, "%,d", count.count()))
            .append("</td></tr>\n");
      }
      page.append("</table>\n");
    }
    page.append("</div>\n");
  }

  private static void commands(StringBuilder page, List<String> commands) {
    page.append("<h2>The same by hand</h2>\n<pre>")
        .append(escape(String.join("\n", commands)))
        .append("</pre>\n");
  }

  static void settings(StringBuilder page, String settings, Map<String, String> versions) {
    page.append("<h2>Settings and versions</h2>\n<details><summary>Every setting of the training")
        .append("</summary><pre>")
        .append(escape(settings.strip()))
        .append("</pre></details>\n<p class=\"versions\">");
    page.append(
        escape(
            String.join(
                " · ",
                versions.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .toList())));
    page.append("</p>\n");
  }

  private static String decimals(int digits, double value) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  private static String style() {
    try (InputStream in = Html.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + STYLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Text as HTML text or attribute value; control characters, which HTML refuses, are replaced. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.appendCodePoint(c);
                default -> {
                  boolean shown =
                      !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
                  escaped.appendCodePoint(shown ? c : 0xFFFD);
                }
              }
            });
    return escaped.toString();
  }
}
