package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An option that would change nothing is refused, with the option in the one line. */
class IgnoredOptionsTest {
  @TempDir private Path folder;

  private static void assertRefused(String option, Object... arguments) {
    Ran ran = Ran.wordmill(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(2);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.errors().get(0)).startsWith("error[2]: " + option);
  }

  @Test
  void fallbackDiscountsAreForSmoothingsWithDiscounts() {
    for (String smoothing : new String[] {"witten-bell", "add-k", "stupid-backoff", "mle"}) {
      assertRefused(
          "--discount-fallback with --smoothing " + smoothing,
          "estimate",
          "--input",
          "text.txt",
          "--order",
          2,
          "--smoothing",
          smoothing,
          "--discount-fallback",
          "--arpa",
          folder.resolve("model.arpa"));
    }
  }

  @Test
  void aModelThatIsThereIsNotSmoothedAnew() {
    Object[][] options = {
      {"--smoothing", "mle"},
      {"--k", 2},
      {"--order", 3},
      {"--prune", "0,1"},
      {"--discount-fallback"},
      {"--interpolate-unigrams", false}
    };
    for (Object[] option : options) {
      Object[] arguments = new Object[5 + option.length];
      System.arraycopy(
          new Object[] {"explain", "--model", "m.arpa", "--ngram", "a"}, 0, arguments, 0, 5);
      System.arraycopy(option, 0, arguments, 5, option.length);
      assertRefused(option[0] + " is for --input", arguments);
    }
  }

  @Test
  void countsHaveNoMalformedText() {
    assertRefused(
        "--malformed with --counts",
        "count",
        "--counts",
        "counts",
        "--malformed",
        "strict",
        "--order",
        2,
        "--output",
        folder.resolve("sum"));
  }
}
