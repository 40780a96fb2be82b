package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.Smoothing;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.submit.config.NearestName;
import picocli.CommandLine.Option;

/** How counts become probabilities, for the commands that make a model of counts. */
final class SmoothingOptions {
  private static final Map<String, Smoothing> SMOOTHINGS = new LinkedHashMap<>();

  static {
    SMOOTHINGS.put("kneser-ney", Smoothing.KNESER_NEY);
    SMOOTHINGS.put("witten-bell", Smoothing.WITTEN_BELL);
    SMOOTHINGS.put("absolute", Smoothing.ABSOLUTE);
    SMOOTHINGS.put("add-k", Smoothing.ADD_K);
    SMOOTHINGS.put("stupid-backoff", Smoothing.STUPID_BACKOFF);
    SMOOTHINGS.put("mle", Smoothing.MAXIMUM_LIKELIHOOD);
  }

  @Option(
      names = "--smoothing",
      paramLabel = "NAME",
      defaultValue = "kneser-ney",
      description =
          "kneser-ney (interpolated, modified), witten-bell, absolute (both interpolated), add-k,"
              + " stupid-backoff (scores, not probabilities) or mle (maximum likelihood). Default:"
              + " ${DEFAULT-VALUE}.")
  private String smoothing = "kneser-ney";

  @Option(
      names = "--k",
      paramLabel = "K",
      description = "With --smoothing add-k, what is added to every count. Default: 1.")
  private @Nullable Double k;

  @Option(
      names = "--backoff-factor",
      paramLabel = "F",
      description =
          "With --smoothing stupid-backoff, what a score costs for each order. Default: 0.4.")
  private @Nullable Double factor;

  /**
   * The smoothing that was asked for.
   *
   * @throws WordmillException USAGE when there is none of that name, or an option is another's
   */
  Smoothing smoothing() {
    Smoothing chosen = SMOOTHINGS.get(smoothing);
    if (chosen == null) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no smoothing '" + smoothing + "'",
          "option --smoothing",
          NearestName.remedy(smoothing, SMOOTHINGS.keySet()));
    }
    refuse("--k", k, chosen, Smoothing.ADD_K, "add-k");
    refuse("--backoff-factor", factor, chosen, Smoothing.STUPID_BACKOFF, "stupid-backoff");
    return chosen;
  }

  /** The parameter of the smoothing, where it has one. */
  double parameter() {
    Double given = k != null ? k : factor;
    return given != null ? given : smoothing().defaultParameter();
  }

  /** Its name on the command line. */
  static String name(Smoothing smoothing) {
    return SMOOTHINGS.entrySet().stream()
        .filter(entry -> entry.getValue() == smoothing)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private void refuse(
      String option, @Nullable Double value, Smoothing chosen, Smoothing owner, String ownersName) {
    if (value != null && chosen != owner) {
      throw new WordmillException(
          ExitCode.USAGE,
          option + " with --smoothing " + smoothing,
          "option " + option,
          "give --smoothing " + ownersName + ", or leave it out");
    }
  }
}
