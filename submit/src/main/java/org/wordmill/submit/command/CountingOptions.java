package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
      names = "--reserved",
      paramLabel = "POLICY",
      description =
          "What to do with the words <s>, </s> and <unk> in the text: error (stop with exit code"
              + " 3), skip (as --skip-symbols), unknown (as <unk>), escape (keep them as words"
              + " behind a backslash, \\<s>; what looks like that gets one backslash more)."
              + " Default: error, or unknown where the vocabulary is limited.")
  private TextPolicy.@Nullable Reserved reserved;

  @Option(
      names = "--unicode-space",
      description =
          "Take all white space and control characters of Unicode as white space: no-break space,"
              + " U+0085, U+2028, vertical tab and others. Without this only NUL, tab, line feed,"
              + " carriage return and space are, as in KenLM.")
  private boolean unicodeSpace;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Parts of each shuffle; the result does not depend on it. Default: by the size of the"
              + " text and the cores.")
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
        corpus.inputs(),
        corpus.policy(reserved()).withUnicodeSpace(unicodeSpace),
        0,
        vocabularyLimit,
        vocabulary);
  }

  /**
   * The counts, as these options want them read.
   *
   * @throws WordmillException USAGE when an option is for text
   */
  CountInput counts(GramOptions corpus) {
    if (skipSymbols || reserved != null || unicodeSpace) {
      String option =
          skipSymbols ? "--skip-symbols" : reserved != null ? "--reserved" : "--unicode-space";
      throw new WordmillException(
          ExitCode.USAGE,
          option + " with --counts, in which sentences have their boundaries and their words",
          "option " + option,
          "leave it out");
    }
    return new CountInput(corpus.counts(), vocabularyLimit, vocabulary);
  }

  /** What of these options decides on the output, for {@link ResumeOption}. */
  Map<String, Object> settings(GramOptions corpus) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("wordmill", Versions.all().getOrDefault("wordmill", ""));
    settings.put("vocabulary_limit", vocabularyLimit);
    if (!corpus.ofCounts()) {
      settings.put("text", input(corpus).policy());
    }
    return settings;
  }

  /** All that is read. */
  List<String> paths(GramOptions corpus) {
    List<String> paths = new ArrayList<>(corpus.ofCounts() ? corpus.counts() : corpus.inputs());
    if (!vocabulary.isEmpty()) {
      paths.add(vocabulary);
    }
    return paths;
  }

  TextPolicy.Reserved reserved() {
    if (skipSymbols && reserved != null && reserved != TextPolicy.Reserved.SKIP) {
      throw new WordmillException(
          ExitCode.USAGE, "found --skip-symbols and --reserved", "", "leave one of them out");
    }
    if (skipSymbols) {
      return TextPolicy.Reserved.SKIP;
    }
    if (reserved != null) {
      return reserved;
    }
    return vocabularyLimit > 0 || !vocabulary.isEmpty()
        ? TextPolicy.Reserved.UNKNOWN
        : TextPolicy.Reserved.ERROR;
  }
}
