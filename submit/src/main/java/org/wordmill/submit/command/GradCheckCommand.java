package org.wordmill.submit.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.exercise.ModuleSource;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.GradientChecks;
import org.wordmill.submit.config.NearestName;
import org.wordmill.tape.GradientCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Every backward against finite differences. */
@Command(
    name = "grad-check",
    header = "Finite differences against backward, module by module.",
    description =
        "Checks the backward of every module, and of whole models, against central differences of"
            + " its forward, in double precision on small random inputs. Ends with 7 when one differs"
            + " by more than 1e-6 relative.",
    footer = {
      "",
      "Examples:",
      "  wordmill grad-check --all",
      "  wordmill grad-check Linear LayerNorm --seed 7",
      "  wordmill grad-check --source MyModule.java"
    })
final class GradCheckCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "MODULE",
      description = "Check only what is named so, or begins so. Default: everything.")
  private List<String> modules = List.of();

  @Option(
      names = "--all",
      description =
          "Check in both modes, training and evaluation, in which dropout is off. Default: training"
              + " only.")
  private boolean all;

  @Option(
      names = "--source",
      arity = "1..*",
      paramLabel = "FILE.java",
      description =
          "Compile and check modules of yours instead, each a public class with a method public"
              + " static GradientCheck.Case gradientCheck(). Needs a JDK.")
  private List<Path> sources = List.of();

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
    List<GradientCheck.Mode> modes =
        all ? List.of(GradientCheck.Mode.values()) : List.of(GradientCheck.Mode.TRAINING);
    List<GradientCheck.Report> reports =
        GradientChecks.check(cases(), seed, KernelChoice.parse(kernels), modes);
    List<GradientCheck.Report> wrong = reports.stream().filter(report -> !report.ok()).toList();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("seed", seed);
    result.put("kernels", kernels);
    result.put("tolerance", GradientCheck.TOLERANCE);
    result.put("passed", reports.size() - wrong.size());
    result.put("failed", wrong.size());
    result.put("checks", reports);
    console.result(common, result, () -> table(reports));
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

  private List<GradientCheck.Case> cases() {
    if (!sources.isEmpty()) {
      if (!modules.isEmpty()) {
        throw new WordmillException(
            ExitCode.USAGE,
            "found --source and the names of modules",
            String.join(", ", modules),
            "give one of them");
      }
      return sources.stream().map(ModuleSource::gradientCheck).toList();
    }
    List<GradientCheck.Case> known = GradientChecks.cases(seed);
    for (String module : modules) {
      if (known.stream().noneMatch(c -> c.name().startsWith(module))) {
        throw new WordmillException(
            ExitCode.USAGE,
            "there is no module '" + module + "'",
            "grad-check",
            NearestName.remedy(
                module,
                known.stream()
                    .map(c -> c.module().getClass().getSimpleName())
                    .distinct()
                    .toList()));
      }
    }
    return known.stream()
        .filter(c -> modules.isEmpty() || modules.stream().anyMatch(c.name()::startsWith))
        .toList();
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
