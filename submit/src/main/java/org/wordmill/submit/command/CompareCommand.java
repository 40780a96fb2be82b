package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
            + " the same tokens; bits per character compare always, because a word that a model"
            + " does not know must be spelled letter by letter. Where the text is one of"
            + " synthesize, the last line is the entropy bound: what the language itself gives the"
            + " text, which no model betters on long text. With --mixture the models' linear"
            + " interpolation is compared with them.",
    footer = {
      "",
      "Examples:",
      "  wordmill compare --models model.arpa runs/shakespeare --input test.txt",
      "  wordmill compare --models model.arpa runs/words --mixture valid.txt --input test.txt"
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

  @Option(
      names = "--mixture",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Compare the mixture of the models as well, with the weights that this held-out text asks"
              + " for. The models must have the same tokens.")
  private List<String> mixture = List.of();

  CompareCommand(Console console) {
    this.console = console;
  }

  private record Row(String model, String kind, Perplexity perplexity, Map<String, Object> facts) {
    Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("model", model);
      figures.put("kind", kind);
      figures.putAll(perplexity.figures());
      figures.put("zero_probability", perplexity.zeros());
      figures.putAll(facts);
      return figures;
    }
  }

  @Override
  public Integer call() {
    TextPolicy policy = text.policy(TextPolicy.Reserved.UNKNOWN);
    List<Row> rows = new ArrayList<>();
    for (String path : models) {
      try (OpenModel opened = Models.open(path, console)) {
        rows.add(score(opened, policy));
      }
    }
    if (!mixture.isEmpty()) {
      rows.add(mixture(policy));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("models", rows.stream().map(Row::figures).toList());
    EntropyBound.of(text.inputs(), policy)
        .ifPresent(
            bound -> {
              result.put("entropy_bound", bound.figures());
              rows.add(new Row("entropy bound", "grammar", bound, Map.of()));
            });
    console.result(common, result, () -> table(rows));
    return 0;
  }

  private Row score(OpenModel model, TextPolicy policy) {
    return new Row(
        model.path(), model.kind(), Scoring.score(model, text.inputs(), policy), Map.of());
  }

  private Row mixture(TextPolicy policy) {
    List<OpenModel> opened = new ArrayList<>();
    try {
      for (String path : models) {
        opened.add(Models.open(path, console));
      }
      OpenModel mixed = Mixing.fitted(opened, mixture, policy);
      Row row = score(mixed, policy);
      return new Row(row.model(), row.kind(), row.perplexity(), mixed.facts());
    } finally {
      opened.forEach(OpenModel::close);
    }
  }

  /** Beyond twelve digits nobody counts them. */
  static String perplexity(Perplexity score) {
    double perplexity = score.includingOov();
    return String.format(Locale.ROOT, Math.abs(perplexity) >= 1e12 ? "%.3e" : "%.3f", perplexity)
        + (score.zeros() == 0
            ? ""
            : String.format(Locale.ROOT, " (%,d of probability 0)", score.zeros()));
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
                        perplexity(row.perplexity()),
                        String.format(Locale.ROOT, "%.4f", row.perplexity().bitsPerCharacter())))
            .toList());
  }
}
