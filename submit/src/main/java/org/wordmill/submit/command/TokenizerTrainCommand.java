package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.text.TextPolicy;
import org.wordmill.trainer.BpeTraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From text to a byte pair encoding, on Spark. */
@Command(
    name = "train",
    header = "Text to a tokenizer.",
    description =
        "Counts the pieces of the text (words with the space before them, numbers, punctuation) on"
            + " Spark, and merges the most frequent pair of symbols until the vocabulary is full."
            + " The same text gives the same tokenizer on any cluster.",
    footer = {
      "",
      "Example:",
      "  wordmill tokenizer train --input 'hdfs:///text/*.gz' --kind bpe --vocabulary-size 50257"
          + " --output tok"
    })
final class TokenizerTrainCommand implements Callable<Integer> {
  private final Console console;

  /** The kinds of tokenizers that are trained. */
  enum Kind {
    /** Byte-level byte pair encoding. */
    BPE
  }

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TextOptions text = new TextOptions();
  @Mixin private FaultyTextOptions faulty = new FaultyTextOptions();
  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "bpe",
      description = "bpe, a byte-level byte pair encoding. Default: ${DEFAULT-VALUE}.")
  private Kind kind = Kind.BPE;

  @Option(
      names = "--vocabulary-size",
      required = true,
      paramLabel = "V",
      description = "The most tokens; 256 bytes and <|endoftext|> are among them.")
  private int vocabularySize;

  @Option(
      names = "--min-count",
      paramLabel = "C",
      defaultValue = "2",
      description = "Pairs that occur less often are not merged. Default: ${DEFAULT-VALUE}.")
  private long minCount;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description =
          "The directory to write: tokenizer.json, vocab.json and merges.txt,"
              + " and report.json with what --json prints.")
  private String output = "";

  TokenizerTrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TokenizerFolder folder = new TokenizerFolder(output, new Configuration());
    folder.requireFree(overwrite.overwrite());
    long start = System.nanoTime();
    try (SparkRun spark = SparkRun.forTraining("tokenizer")) {
      BpeTraining.Report report =
          BpeTraining.train(
              spark.context(),
              text.inputs(),
              faulty.policy(text.policy(TextPolicy.Reserved.UNKNOWN)),
              vocabularySize,
              minCount);
      folder.save(report.tokenizer());
      if (report.malformedParts() > 0) {
        console.note("warning: " + report.malformedParts() + " parts of the text are not UTF-8");
      }
      report.notices().forEach(notice -> console.note("warning: " + notice));
      if (report.longPieces() > 0) {
        console.note(
            "warning: " + report.longPieces() + " pieces of text were too long to learn from");
      }
      int vocabulary = report.tokenizer().vocabulary().size();
      if (vocabulary < vocabularySize) {
        console.note(
            "warning: there are only "
                + vocabulary
                + " tokens, as no other pair occurs at least "
                + minCount
                + " times");
      }
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("output", output);
      result.put("kind", kind.name().toLowerCase(Locale.ROOT));
      result.put("vocabulary", vocabulary);
      result.put("merges", report.tokenizer().merges().size());
      result.put("pieces", report.pieces());
      result.put("distinct_pieces", report.distinctPieces());
      result.put("seconds", (System.nanoTime() - start) / 1e9);
      ReportFile.ofFolder(output).write(result, new Configuration(), console);
      console.result(common, result, () -> Tables.facts(result));
    }
    return 0;
  }
}
