package org.wordmill.submit.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.submit.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole road on the sample corpus. */
@Command(
    name = "quickstart",
    header = "The whole road on a sample text: count, estimate, train, score, write, report.",
    description =
        "Counts the n-grams of a small sample text, estimates a 5-gram model, trains a small"
            + " Transformer for about a minute, compares both with blind guessing on text that none"
            + " of them has seen, lets each of them write, and puts everything into report.html. Needs"
            + " no network.",
    footer = {"", "Example:", "  wordmill quickstart --output /tmp/quickstart"})
final class QuickstartCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "wordmill-quickstart",
      description = "The directory for everything that is made. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("wordmill-quickstart");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Change a setting of the training, such as schedule.steps=300; may be repeated. The preset"
              + " is quickstart.")
  private List<String> assignments = List.of();

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  QuickstartCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuickstartFolder folder = QuickstartFolder.create(output, overwrite.overwrite());
    Report report = new Quickstart(folder, assignments, console).run();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("report", folder.report().toString());
    result.put("models", report.models());
    result.put("samples", report.samples());
    console.result(common, result, () -> asText(report, folder));
    return 0;
  }

  private static String asText(Report report, QuickstartFolder folder) {
    String table =
        Tables.table(
            List.of("model", "bits/character", "perplexity", "per", "size"),
            report.models().stream()
                .map(
                    model ->
                        List.of(
                            model.name(),
                            String.format(Locale.ROOT, "%.3f", model.bitsPerCharacter()),
                            String.format(Locale.ROOT, "%.2f", model.perplexity()),
                            model.unit(),
                            model.size()))
                .toList());
    StringBuilder text = new StringBuilder(table);
    for (Report.Sample sample : report.samples()) {
      text.append('\n').append(sample.model()).append(" writes: ");
      text.append(sample.prompt()).append(sample.text().strip().isEmpty() ? "" : sample.text());
      text.append('\n');
    }
    return text + "\nReport: " + folder.report() + "\n";
  }
}
