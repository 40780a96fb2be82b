package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TaggedWords;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.trainer.PreparationJob;
import org.wordmill.trainer.PreparedText;
import org.wordmill.trainer.Separator;
import org.wordmill.trainer.TextFormat;
import org.wordmill.trainer.TextPreparation;
import org.wordmill.trainer.Tokenization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From text to token shards that many training runs read, on Spark. */
@Command(
    name = "prepare",
    header = "Text, JSONL or Parquet to token shards for training.",
    description = {
      "Encodes text once, for many runs of train, which take the output as --input, --validation or"
          + " source of a mix. A document is a line of text, or what one field has of a line of"
          + " JSON or a row of Parquet. Documents are shuffled by the seed. The same files,"
          + " tokenizer and seed give the same shards on any cluster.",
      "The output holds shards of token ids (two bytes each, four for vocabularies above 65,536),"
          + " each with a checksum, tokenizer.json, and the manifest index.json, which is written"
          + " last. wordmill inspect shows what is in it."
    },
    footer = {
      "",
      "Examples:",
      "  wordmill prepare --input train.txt --tokenizer characters --output shards",
      "  wordmill prepare --input 'hdfs:///web/*.jsonl.gz' --text-field content --tokenizer tok"
          + " --output hdfs:///shards",
      "  wordmill prepare --input valid.txt --tokenizer shards --keep-order --output valid-shards"
    })
final class PrepareCommand implements Callable<Integer> {
  private static final String CHARACTERS = "characters";
  private static final String WORDS = "words";

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Text, JSONL or Parquet: files, directories and globs on any file system that Hadoop"
              + " knows; .gz, .bz2, .xz and .zst are decompressed.")
  private List<String> inputs = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "text, jsonl or parquet. Default: by each file's name: .jsonl, .ndjson and .json,"
              + " .parquet, text for all others.")
  private @Nullable TextFormat format;

  @Option(
      names = "--text-field",
      paramLabel = "NAME",
      defaultValue = "text",
      description =
          "The field of JSON objects, or the column of Parquet, that has the documents. Default:"
              + " ${DEFAULT-VALUE}.")
  private String field = "text";

  @Option(
      names = "--tokenizer",
      required = true,
      paramLabel = "DIR|characters|words",
      description =
          "A directory with a tokenizer: of wordmill tokenizer train or the Hugging Face libraries,"
              + " or of text that was prepared before; or characters or words, those of this text.")
  private String tokenizer = "";

  @Option(
      names = "--vocabulary-limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "With words: know the N most frequent words only. Default: all.")
  private int vocabularyLimit;

  @Option(
      names = "--separator",
      paramLabel = "NAME",
      description =
          "What stands behind each document: line-end (</s> for words), or end-of-text for"
              + " <|endoftext|>. Default: line-end for text, as train reads it; for JSONL and"
              + " Parquet end-of-text where the tokenizer has it.")
  private @Nullable Separator separator;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "Draws the order of the documents. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--keep-order",
      description =
          "Keep documents in the order of files and lines. Text with line ends then has the very"
              + " tokens that train makes of it.")
  private boolean keepOrder;

  @Mixin private MalformedOption malformed = new MalformedOption();
  @Mixin private FaultyTextOptions faulty = new FaultyTextOptions();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The directory to make, on any file system that Hadoop knows.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  PrepareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Configuration configuration = SparkRun.hadoop();
    Tokenization tokenization =
        tokenization(faulty.policy(malformed.policy(TextPolicy.Reserved.UNKNOWN)), configuration);
    TextPreparation.requireFree(output, overwrite.overwrite(), configuration);
    PreparationJob job =
        new PreparationJob(
            inputs,
            Optional.ofNullable(format),
            field,
            tokenization,
            Optional.ofNullable(separator),
            keepOrder ? Optional.empty() : Optional.of(seed),
            output,
            overwrite.overwrite());
    long start = System.nanoTime();
    try (SparkRun spark = SparkRun.forTraining("prepare")) {
      PreparedText prepared =
          TextPreparation.prepare(
              spark.context(), job, notice -> console.note("warning: " + notice));
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("output", output);
      result.putAll(prepared.facts());
      result.remove("path");
      result.put("seconds", (System.nanoTime() - start) / 1e9);
      ReportFile.ofData(output).write(result, spark.context().hadoopConfiguration(), console);
      console.result(common, result, () -> Tables.facts(result));
    }
    return 0;
  }

  private Tokenization tokenization(TextPolicy policy, Configuration configuration) {
    boolean ofWords = tokenizer.equals(WORDS);
    if (vocabularyLimit < 0 || vocabularyLimit > 0 && !ofWords) {
      throw new WordmillException(
          ExitCode.USAGE,
          ofWords ? "the limit is negative" : "only a vocabulary of words can be limited",
          "--vocabulary-limit " + vocabularyLimit,
          "leave it out, or choose --tokenizer words and a number of words");
    }
    if (ofWords) {
      return Tokenization.words(vocabularyLimit, policy);
    }
    if (tokenizer.equals(CHARACTERS)) {
      return Tokenization.characters(policy);
    }
    Tokenizer given = new TokenizerFolder(tokenizer, configuration).open();
    if (given instanceof TaggedWords) {
      throw new WordmillException(
          ExitCode.USAGE,
          "this is the tokenizer of a tagger, which does not learn from prepared text",
          tokenizer,
          "give one of a language model");
    }
    return Tokenization.of(TokenizerFiles.write(given), policy);
  }
}
