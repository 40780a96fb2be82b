package org.wordmill.submit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlTest {
  private static final String NASTY = "<script>alert('x')</script> & \"q\" \u0000";

  /** A report whose every text is {@code text}. */
  static Report report(String text) {
    List<Report.Point> training = new ArrayList<>();
    for (int step = 1; step <= 600; step++) {
      training.add(
          new Report.Point(
              step, 1.6 + 2.9 * Math.exp(-step / 90.0) + 0.1 * Math.sin(step * 12.9898)));
    }
    List<Report.Point> validation = new ArrayList<>();
    for (int step = 0; step <= 600; step += 50) {
      validation.add(new Report.Point(step, 1.75 + 2.75 * Math.exp(-step / 100.0)));
    }
    Map<String, Double> references = new LinkedHashMap<>();
    references.put("uniform" + text, 4.36);
    references.put("5-gram" + text, 1.94);
    return new Report(
        "Wordmill quickstart" + text,
        "A summary of the run." + text,
        Map.of("Text" + text, "89,319 characters" + text),
        List.of(
            new Report.Model(
                "Uniform" + text, "Learned nothing" + text, 6.29, 78, "character", "none"),
            new Report.Model(
                "5-gram" + text, "Counts" + text, 2.797, 300.5, "word", "63,745 n-grams"),
            new Report.Model("Transformer" + text, "Net" + text, 2.5, 5.66, "character", "0.5 M")),
        new Report.Curve(training, validation, references),
        List.of(
            new Report.Sample("Uniform" + text, "The miller", "q;Zx kT" + text),
            new Report.Sample("5-gram", "The miller", " keeps the accounts."),
            new Report.Sample("Transformer", "The miller", " said Nell,\nand the river")),
        List.of(
            new Report.FrequentNgrams(1, 3946, List.of(new Report.Count("the" + text, 1234))),
            new Report.FrequentNgrams(2, 12888, List.of(new Report.Count("of the", 99)))),
        "steps = 600" + text,
        Map.of("wordmill", "0.1.0" + text),
        List.of("wordmill count" + text));
  }

  @Test
  void textFromOutsideNeverBecomesMarkup() {
    String page = Html.page(report(NASTY));
    assertThat(page).doesNotContain("<script").doesNotContain("\u0000");
    assertThat(page)
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;");
  }

  @Test
  void thePageNeedsNothingFromElsewhere() {
    String page = Html.page(report(""));
    assertThat(page).doesNotContain("http:", "https:", "src=", "@import", "url(");
  }

  @Test
  void theChartIsWellFormedAndShowsEveryLine() throws Exception {
    String page = Html.page(report("<&>"));
    String svg = page.substring(page.indexOf("<svg"), page.indexOf("</svg>") + 6);
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(3);
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(13);
    assertThat(document.getDocumentElement().getTextContent())
        .contains("uniform<&>", "5-gram<&>", "training step", "bits per character");
  }

  @Test
  void lossesThatAreNotNumbersAreLeftOut() {
    List<Report.Point> points =
        List.of(
            new Report.Point(1, 2.0), new Report.Point(2, Double.NaN), new Report.Point(3, 2.0));
    assertThat(Html.smoothed(points))
        .containsExactly(new Report.Point(1, 2.0), new Report.Point(3, 2.0));
  }

  @Test
  void ticksAreRound() {
    assertThat(LineChart.tick(600, 8)).isEqualTo(100);
    assertThat(LineChart.tick(2000, 8)).isEqualTo(500);
    assertThat(LineChart.tick(4.1, 6)).isEqualTo(1);
    assertThat(LineChart.tick(0.03, 6)).isEqualTo(0.005);
  }
}
