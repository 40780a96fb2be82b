package org.wordmill.submit.command;

import picocli.CommandLine.Option;

/** Which model to use. */
final class ModelOption {
  static final String HELP =
      "A model: an ARPA file, plain or gzip, a table of pack, a binary file of KenLM, or the output"
          + " directory of train.";

  @Option(names = "--model", required = true, paramLabel = "PATH", description = HELP)
  private String path = "";

  String path() {
    return path;
  }

  OpenModel open(Console console) {
    return Models.open(path, console);
  }
}
