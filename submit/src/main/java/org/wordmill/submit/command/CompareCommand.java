package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Several models on the same text, in one table. */
@Command(
    name = "compare",
    header = "Several models on the same text, in one table.",
    description =
        "Scores the same text under several models. Perplexities compare only between models with"
            + " the same tokens; bits per character compare always, because a word that a model does"
            + " not know must be spelled letter by letter. Where the text is one of synthesize, the last"
            + " line is the entropy bound: what the language itself gives the text, which no model"
            + " betters on long text.",
    footer = {
      "",
      "Example:",
      "  wordmill compare --models model.arpa runs/shakespeare --input test.txt"
    })
final class CompareCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TextOptions text = new TextOptions();

  @Option(
      names = "--models",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Models: ARPA files, plain or gzip, and output directories of train.")
  private List<String> models = List.of();

  CompareCommand(Console console) {
    this.console = console;
  }

  private record Row(String model, String kind, Perplexity perplexity) {
    Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("model", model);
      figures.put("kind", kind);
      figures.putAll(perplexity.figures());
      return figures;
    }
  }

  @Override
  public Integer call() {
    List<Row> rows = new ArrayList<>();
    for (String path : models) {
      try (OpenModel opened = Models.open(path, console)) {
        Perplexity perplexity =
            Scoring.score(
                opened,
                text.inputs(),
                text.policy(TextPolicy.Reserved.UNKNOWN),
                CorpusScorer.SILENT);
        rows.add(new Row(path, opened.kind(), perplexity));
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("models", rows.stream().map(Row::figures).toList());
    EntropyBound.of(text.inputs(), text.policy(TextPolicy.Reserved.UNKNOWN))
        .ifPresent(
            bound -> {
              result.put("entropy_bound", bound.figures());
              rows.add(new Row("entropy bound", "grammar", bound));
            });
    console.result(common.json(), result, () -> table(rows));
    return 0;
  }

  private static String table(List<Row> rows) {
    return Tables.table(
        List.of("model", "kind", "tokens", "OOV", "nats/token", "perplexity", "bits/character"),
        rows.stream()
            .map(
                row ->
                    List.of(
                        row.model(),
                        row.kind(),
                        String.valueOf(row.perplexity().tokens()),
                        String.valueOf(row.perplexity().oov()),
                        String.format(Locale.ROOT, "%.4f", row.perplexity().natsPerToken()),
                        String.format(Locale.ROOT, "%.3f", row.perplexity().includingOov()),
                        String.format(Locale.ROOT, "%.4f", row.perplexity().bitsPerCharacter())))
            .toList());
  }
}
