package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.counter.CountOptions;
import org.wordmill.counter.CountReport;
import org.wordmill.counter.CountTarget;
import org.wordmill.counter.NGramCounter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From text to n-gram counts, on Spark. */
@Command(
    name = "count",
    header = "Text to n-gram counts, as Parquet, TSV or Web1T.",
    description =
        "Counts the n-grams of orders 1 to N, exactly. A line is a sentence <s> w_1 ... w_m </s>;"
            + " n-grams do not cross lines. The output is a directory with a part for each order,"
            + " as Parquet (columns ngram, count), as lines n-gram, tab, count, or in the layout of"
            + " Web1T; lines are sorted by the bytes of their words, through all files of an order."
            + " With --counts, adds up counts that are there already.",
    footer = {
      "",
      "Examples:",
      "  wordmill count --input train.txt --order 3 --output counts",
      "  wordmill count --input 'text/*.gz' --order 5 --min-count 1,2 --format tsv --output counts",
      "  wordmill count --input train.txt --order 3 --vocabulary words.txt --output counts",
      "  wordmill count --input - --order 3 --output counts < train.txt",
      "  wordmill count --counts monday tuesday --order 3 --output both",
      "  wordmill count --input train.txt --order 3 --output counts --resume",
      "  wordmill count --input train.txt --order 5 --format web1t --output web1t"
    })
final class CountCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private GramOptions corpus = new GramOptions();
  @Mixin private CountingOptions counting = new CountingOptions();
  @Mixin private MemoryOption memory = new MemoryOption();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description =
          "The directory to write: order=1, order=2 ... or 1gms, 2gms ..., _SUCCESS, and"
              + " _report.json with what --json prints.")
  private String output = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet, tsv or web1t. Default: ${DEFAULT-VALUE}.")
  private CountOptions.Format format = CountOptions.Format.PARQUET;

  @Option(
      names = "--min-count",
      split = ",",
      paramLabel = "C1,C2,...",
      hideParamSyntax = true,
      defaultValue = "1",
      description =
          "Leave out n-grams of order n that occur less often than Cn; the last holds for the"
              + " higher orders. Default: ${DEFAULT-VALUE}.")
  private List<Long> minCounts = List.of(1L);

  /** How lines may be compressed. */
  enum Compress {
    NONE,
    GZIP
  }

  @Option(
      names = "--compress",
      paramLabel = "HOW",
      defaultValue = "none",
      description = "With --format tsv: gzip or none. Default: ${DEFAULT-VALUE}.")
  private Compress compress = Compress.NONE;

  @Mixin private OverwriteOption overwrite = new OverwriteOption();
  @Mixin private ResumeOption resume = new ResumeOption();

  CountCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    memory.require();
    CountOptions options =
        CountOptions.ofOrder(counting.order())
            .withMinCounts(minCounts)
            .withFormat(format)
            .withCompressed(compress == Compress.GZIP)
            .withPartitions(counting.partitions());
    boolean ofCounts = corpus.ofCounts();
    Configuration configuration = SparkRun.hadoop();
    Map<String, Object> settings = counting.settings(corpus);
    settings.put("options", options.withPartitions(0));
    List<String> read = counting.paths(corpus);
    ReportFile file = ReportFile.ofData(output);
    Optional<Map<String, Object>> kept =
        resume.kept(
            Map.of(file, output + "/_SUCCESS"),
            settings,
            read,
            overwrite.overwrite(),
            configuration);
    if (kept.isPresent()) {
      console.result(common, kept.get(), () -> output + ": complete already, and kept");
      return 0;
    }
    Map<String, Object> madeOf = new LinkedHashMap<>();
    try (SparkRun spark = SparkRun.forNgrams("count")) {
      resume.note(madeOf, settings, read, configuration);
      NGramCounter counter = new NGramCounter(spark.context());
      CountTarget target = new CountTarget(output, overwrite.overwrite());
      CountReport report =
          ofCounts
              ? counter.count(counting.counts(corpus), options, target)
              : counter.count(counting.input(corpus), options, target);
      TextNotes.print(console, report.text(), counting.reserved());
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("output", report.directory());
      result.put("order", report.ngrams().size());
      result.put("ngrams", report.ngrams());
      result.put("tokens", report.tokens());
      result.put("unknown_tokens", report.unknownTokens());
      result.put("sentences", report.sentences());
      result.put("vocabulary", report.vocabulary());
      result.put("text", report.text());
      result.put("splits", report.splits());
      result.put("partitions", report.partitions());
      result.put("seconds", report.seconds());
      result.put("tasks", report.tasks());
      result.putAll(madeOf);
      file.write(result, configuration, console);
      console.result(common, result, () -> asText(report));
      Tables.noteSkew(console, report.tasks());
    }
    return 0;
  }

  static String asText(CountReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < report.ngrams().size(); i++) {
      rows.add(List.of(String.valueOf(i + 1), String.valueOf(report.ngrams().get(i))));
    }
    return Tables.table(List.of("order", "n-grams"), rows)
        + String.format(
            Locale.ROOT,
            "%s: %,d n-grams from %,d tokens in %,d sentences%n",
            report.directory(),
            report.ngrams().stream().mapToLong(Long::longValue).sum(),
            report.tokens(),
            report.sentences());
  }
}
