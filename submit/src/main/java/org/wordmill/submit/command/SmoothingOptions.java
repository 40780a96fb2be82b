package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
      description =
          "kneser-ney (interpolated, modified), witten-bell, absolute (both interpolated), add-k,"
              + " stupid-backoff (scores, not probabilities) or mle (maximum likelihood). Default:"
              + " kneser-ney.")
  private @Nullable String name;

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
    String smoothing = asked();
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

  private String asked() {
    return name == null ? "kneser-ney" : name;
  }

  /** The options that were given, for commands of which they are only a part. */
  List<String> given() {
    List<String> given = new ArrayList<>();
    if (name != null) {
      given.add("--smoothing");
    }
    if (k != null) {
      given.add("--k");
    }
    if (factor != null) {
      given.add("--backoff-factor");
    }
    return given;
  }

  /**
   * Refuses an option that is about the discounts of Kneser-Ney and absolute discounting.
   *
   * @throws WordmillException USAGE where there are none
   */
  void requireDiscounts(String option) {
    Smoothing chosen = smoothing();
    if (chosen != Smoothing.KNESER_NEY && chosen != Smoothing.ABSOLUTE) {
      throw new WordmillException(
          ExitCode.USAGE,
          option + " with --smoothing " + asked() + ", which has no discounts",
          "option " + option,
          "leave it out, or give --smoothing kneser-ney");
    }
  }

  private void refuse(
      String option, @Nullable Double value, Smoothing chosen, Smoothing owner, String ownersName) {
    if (value != null && chosen != owner) {
      throw new WordmillException(
          ExitCode.USAGE,
          option + " with --smoothing " + asked(),
          "option " + option,
          "give --smoothing " + ownersName + ", or leave it out");
    }
  }
}
