package org.wordmill.submit.command;

import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Option;

/** What to do where text is malformed. */
final class MalformedOption {
  @Option(
      names = "--malformed",
      paramLabel = "POLICY",
      defaultValue = "replace",
      description =
          "What to do with bytes that are not UTF-8: replace (by U+FFFD, counted), strict (stop with"
              + " exit code 3), drop-line. Default: ${DEFAULT-VALUE}.")
  private TextPolicy.Malformed malformed = TextPolicy.Malformed.REPLACE;

  TextPolicy policy(TextPolicy.Reserved reserved) {
    return TextPolicy.DEFAULT.withMalformed(malformed).withReserved(reserved);
  }
}
