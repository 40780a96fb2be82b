package org.wordmill.submit.command;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.wordmill.counter.CountReport;
import org.wordmill.submit.report.Report;
import org.wordmill.train.TrainingReport;

/** Puts the report of quickstart together: what was done, in words. */
record QuickstartReport(
    QuickstartFolder folder,
    CountReport counts,
    TrainingReport trained,
    Map<String, Double> seconds) {

  Report of(
      List<Report.Model> models,
      Report.Curve curve,
      List<Report.Sample> samples,
      List<Report.FrequentNgrams> ngrams,
      String settings) {
    return new Report(
        "Wordmill quickstart",
        summary(models),
        facts(),
        models,
        curve,
        samples,
        ngrams,
        settings,
        Versions.all(),
        commands());
  }

  private String summary(List<Report.Model> models) {
    List<Report.Model> ranked =
        models.stream().sorted(Comparator.comparingDouble(Report.Model::bitsPerCharacter)).toList();
    Report.Model best = ranked.get(0);
    Report.Model second = ranked.get(1);
    Report.Model last = ranked.get(ranked.size() - 1);
    return String.format(
        Locale.ROOT,
        "Three models met a text that they had never seen. The %s needs %.2f bits to tell its next"
            + " character, the %s %.2f, and %s %.2f. The Transformer learned for %s, and everything"
            + " ran as Spark jobs on this machine.",
        sentenceCase(best.name()),
        best.bitsPerCharacter(),
        sentenceCase(second.name()),
        second.bitsPerCharacter(),
        sentenceCase(last.name()),
        last.bitsPerCharacter(),
        TrainingProgress.duration(trained.seconds()) + " minutes");
  }

  /** Names of models stand inside of a sentence; proper names keep their capital. */
  private static String sentenceCase(String name) {
    return name.equals("Transformer")
        ? name
        : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Training text",
        String.format(
            Locale.ROOT, "%,d words in %,d sentences", counts.tokens(), counts.sentences()));
    facts.put("Vocabulary", String.format(Locale.ROOT, "%,d words", counts.vocabulary()));
    facts.put("Training", String.format(Locale.ROOT, "%,d steps", trained.steps()));
    facts.put(
        "Speed",
        String.format(
            Locale.ROOT,
            "%,.0f characters a second",
            trained.tokens() / Math.max(1e-9, trained.seconds())));
    facts.put("Processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put(
        "Time in all",
        TrainingProgress.duration(seconds.values().stream().mapToDouble(s -> s).sum()));
    return facts;
  }

  private List<String> commands() {
    return List.of(
        "cd " + folder.root(),
        "wordmill count --input train.txt --order 5 --format tsv --output my-counts",
        "wordmill estimate --input train.txt --order 5 --discount-fallback --arpa my-5-gram.arpa",
        "wordmill train --config quickstart --input train.txt --validation valid.txt --output my-run",
        "wordmill compare --models my-5-gram.arpa my-run --input test.txt",
        "wordmill generate --model my-run --prompt 'The miller' --temperature 0.7 --seed 7");
  }
}
