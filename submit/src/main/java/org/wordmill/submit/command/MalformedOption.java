package org.wordmill.submit.command;

import org.jspecify.annotations.Nullable;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Option;

/** What to do where text is malformed. */
final class MalformedOption {
  @Option(
      names = "--malformed",
      paramLabel = "POLICY",
      description =
          "What to do with bytes that are not UTF-8: replace (by U+FFFD, counted), strict (stop with"
              + " exit code 3), drop-line. Default: replace.")
  private TextPolicy.@Nullable Malformed malformed;

  boolean isGiven() {
    return malformed != null;
  }

  TextPolicy policy(TextPolicy.Reserved reserved) {
    return TextPolicy.DEFAULT
        .withMalformed(malformed == null ? TextPolicy.Malformed.REPLACE : malformed)
        .withReserved(reserved);
  }
}
