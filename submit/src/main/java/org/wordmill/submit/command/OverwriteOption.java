package org.wordmill.submit.command;

import picocli.CommandLine.Option;

/** Whether an output that is there may be replaced. */
final class OverwriteOption {
  @Option(
      names = "--overwrite",
      description = "Replace the output if it is there. Without this it is an error.")
  private boolean overwrite;

  boolean overwrite() {
    return overwrite;
  }
}
