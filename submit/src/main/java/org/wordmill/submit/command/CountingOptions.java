package org.wordmill.submit.command;

import org.wordmill.counter.CountInput;
import org.wordmill.counter.TextInput;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
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

  @Option(
      names = "--vocabulary-limit",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Keep the N most frequent words. All others become <unk>, which is then a word like any"
              + " other: what the text has of it counts as well. Default: all words are kept.")
  private int vocabularyLimit;

  @Option(
      names = "--vocabulary",
      paramLabel = "FILE",
      defaultValue = "",
      description =
          "Keep the words of this file, which has one a line; all others become <unk>, as with"
              + " --vocabulary-limit. Default: all words are kept.")
  private String vocabulary = "";

  int order() {
    return order;
  }

  int partitions() {
    return partitions;
  }

  /** The text, as these options want it read. */
  TextInput input(GramOptions corpus) {
    return new TextInput(
        corpus.inputs(), corpus.policy(reserved()), 0, vocabularyLimit, vocabulary);
  }

  /**
   * The counts, as these options want them read.
   *
   * @throws WordmillException USAGE when an option is for text
   */
  CountInput counts(GramOptions corpus) {
    if (skipSymbols) {
      throw new WordmillException(
          ExitCode.USAGE,
          "--skip-symbols with --counts, in which sentences have their boundaries",
          "option --skip-symbols",
          "leave it out");
    }
    return new CountInput(corpus.counts(), vocabularyLimit, vocabulary);
  }

  TextPolicy.Reserved reserved() {
    if (skipSymbols) {
      return TextPolicy.Reserved.SKIP;
    }
    return vocabularyLimit > 0 || !vocabulary.isEmpty()
        ? TextPolicy.Reserved.UNKNOWN
        : TextPolicy.Reserved.ERROR;
  }
}
