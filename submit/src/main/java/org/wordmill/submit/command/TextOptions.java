package org.wordmill.submit.command;

import java.util.List;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which text to read, and what to do where it is malformed. */
final class TextOptions {
  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Text, UTF-8, one sentence a line: files, directories and globs on any file system that"
              + " Hadoop knows; .gz, .bz2, .xz and .zst are decompressed.")
  private List<String> inputs = List.of();

  @Mixin private MalformedOption malformed = new MalformedOption();

  List<String> inputs() {
    return inputs;
  }

  TextPolicy policy(TextPolicy.Reserved reserved) {
    return malformed.policy(reserved);
  }
}
