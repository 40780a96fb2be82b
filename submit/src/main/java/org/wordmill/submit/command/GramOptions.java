package org.wordmill.submit.command;

import java.util.List;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where n-grams come from: text, or counts of one. */
final class GramOptions {
  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Text, UTF-8, one sentence a line: files, directories and globs on any file system that"
              + " Hadoop knows; .gz, .bz2, .xz and .zst are decompressed. - is stdin.")
  private List<String> inputs = List.of();

  @Option(
      names = "--counts",
      arity = "1..*",
      paramLabel = "DIR",
      description =
          "Counts instead of text, added up: directories that count wrote (Parquet, TSV or Web1T), or"
              + " files of lines 'w1 w2<TAB>count' of any orders.")
  private List<String> counts = List.of();

  @Mixin private MalformedOption malformed = new MalformedOption();
  @Mixin private FaultyTextOptions faulty = new FaultyTextOptions();

  List<String> inputs() {
    return inputs;
  }

  List<String> counts() {
    return counts;
  }

  /**
   * Whether counts were given, and not text.
   *
   * @throws WordmillException USAGE when it was neither or both, or an option is for text
   */
  boolean ofCounts() {
    if (inputs.isEmpty() == counts.isEmpty()) {
      throw new WordmillException(
          ExitCode.USAGE,
          inputs.isEmpty() ? "neither --input nor --counts is there" : "found --input and --counts",
          "",
          "give --input PATH for text, or --counts DIR for counts of it");
    }
    Optional<String> ofText = malformed.isGiven() ? Optional.of("--malformed") : faulty.given();
    if (inputs.isEmpty() && ofText.isPresent()) {
      throw new WordmillException(
          ExitCode.USAGE,
          ofText.get() + " with --counts, whose words were read already",
          "option " + ofText.get(),
          "leave it out");
    }
    return inputs.isEmpty();
  }

  TextPolicy policy(TextPolicy.Reserved reserved) {
    return faulty.policy(malformed.policy(reserved));
  }
}
