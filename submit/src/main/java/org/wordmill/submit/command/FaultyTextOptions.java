package org.wordmill.submit.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Option;

/**
 * What to do with lines that are too long, and with compressed files that are not as they should
 * be.
 */
final class FaultyTextOptions {
  @Option(
      names = "--long-lines",
      paramLabel = "POLICY",
      description =
          "What to do with lines of more than 16 MiB: error (stop with exit code 3), split (into lines"
              + " of at most so many bytes, at white space), drop. Default: error.")
  private TextPolicy.@Nullable LongLines longLines;

  @Option(
      names = "--corrupt",
      paramLabel = "POLICY",
      description =
          "What to do with compressed files that are truncated or corrupt: fail (stop with exit code"
              + " 3), skip-shard (leave out the whole file, never a part of it). Default: fail.")
  private TextPolicy.@Nullable Corrupt corrupt;

  @Option(
      names = "--decompression-bomb",
      paramLabel = "POLICY",
      description =
          "What to do with compressed files that grow to more than 1000 times their size: warn, abort"
              + " (stop with exit code 3 as soon as it is seen). Default: warn.")
  private TextPolicy.@Nullable Bombs bombs;

  /** The first option that was given. */
  Optional<String> given() {
    return longLines != null
        ? Optional.of("--long-lines")
        : corrupt != null
            ? Optional.of("--corrupt")
            : bombs != null ? Optional.of("--decompression-bomb") : Optional.empty();
  }

  TextPolicy policy(TextPolicy policy) {
    return policy
        .withLongLines(longLines == null ? policy.longLines() : longLines)
        .withCorrupt(corrupt == null ? policy.corrupt() : corrupt)
        .withBombs(bombs == null ? policy.bombs() : bombs);
  }
}
