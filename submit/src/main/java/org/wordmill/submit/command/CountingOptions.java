package org.wordmill.submit.command;

import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Option;

/** What counting and estimating n-grams have in common. */
final class CountingOptions {
  @Option(
      names = "--order",
      required = true,
      paramLabel = "N",
      description = "The length of the longest n-grams.")
  private int order;

  @Option(
      names = "--skip-symbols",
      description =
          "Take the words <s>, </s> and <unk> in the text as white space. Without this they are an"
              + " error, because they would forge sentence boundaries.")
  private boolean skipSymbols;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Parts of each shuffle; the result does not depend on it. Default: by the size of the text"
              + " and the cores.")
  private int partitions;

  int order() {
    return order;
  }

  int partitions() {
    return partitions;
  }

  TextPolicy.Reserved reserved() {
    return skipSymbols ? TextPolicy.Reserved.SKIP : TextPolicy.Reserved.ERROR;
  }
}
