package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.GradientChecks;
import org.wordmill.tape.GradientCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Every backward against finite differences. */
@Command(
    name = "grad-check",
    header = "Finite differences against backward, module by module.",
    description =
        "Checks the backward of every module, and of whole models, against central differences of"
            + " its forward, in double precision on small random inputs. Ends with 7 when one differs"
            + " by more than 1e-6 relative.",
    footer = {"", "Example:", "  wordmill grad-check --seed 7"})
final class GradCheckCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "Of the random inputs. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--kernels",
      paramLabel = "KERNELS",
      defaultValue = "reference",
      description =
          "Whose derivatives are checked: reference or cuda, which know double precision. Default:"
              + " ${DEFAULT-VALUE}.")
  private String kernels = "reference";

  GradCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<GradientCheck.Report> reports = GradientChecks.all(seed, KernelChoice.parse(kernels));
    List<GradientCheck.Report> wrong = reports.stream().filter(report -> !report.ok()).toList();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("seed", seed);
    result.put("kernels", kernels);
    result.put("tolerance", GradientCheck.TOLERANCE);
    result.put("passed", reports.size() - wrong.size());
    result.put("failed", wrong.size());
    result.put("checks", reports);
    console.result(common.json(), result, () -> table(reports));
    if (!wrong.isEmpty()) {
      GradientCheck.Report first = wrong.get(0);
      throw new WordmillException(
          ExitCode.CHECK_FAILED,
          String.format(
              Locale.ROOT,
              "%d of %d gradient checks failed, first %s with relative error %.2e",
              wrong.size(),
              reports.size(),
              first.name(),
              first.maximumRelativeError()),
          first.worst(),
          "repeat with --seed " + seed);
    }
    return 0;
  }

  private static String table(List<GradientCheck.Report> reports) {
    return Tables.table(
        List.of("module", "elements", "largest relative error", ""),
        reports.stream()
            .map(
                report ->
                    List.of(
                        report.name(),
                        String.valueOf(report.elements()),
                        String.format(Locale.ROOT, "%.2e", report.maximumRelativeError()),
                        report.ok() ? "ok" : "WRONG"))
            .toList());
  }
}
