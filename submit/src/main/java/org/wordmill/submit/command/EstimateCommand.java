package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.ArpaTarget;
import org.wordmill.counter.EstimateOptions;
import org.wordmill.counter.EstimateReport;
import org.wordmill.counter.ModelTarget;
import org.wordmill.counter.NGramEstimator;
import org.wordmill.counter.ParquetTarget;
import org.wordmill.counter.Smoothing;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNeyOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From text to an n-gram model, on Spark. */
@Command(
    name = "estimate",
    header = "Text or counts to an n-gram model, as an ARPA file.",
    description =
        "Estimates an n-gram model from text, or from whole counts of it, which give the same"
            + " bytes, and writes it as an ARPA file, as Parquet, or both. The numbers of"
            + " kneser-ney are those of KenLM's lmplz.",
    footer = {
      "",
      "Examples:",
      "  wordmill estimate --input train.txt --order 5 --arpa model.arpa.gz",
      "  wordmill estimate --input train.txt --order 3 --smoothing witten-bell --arpa model.arpa",
      "  wordmill estimate --input train.txt --order 5 --vocabulary-limit 10000 --arpa model.arpa",
      "  wordmill estimate --input train.txt --order 3 --parquet model.parquet",
      "  wordmill estimate --counts monday tuesday --order 3 --arpa model.arpa",
      "  wordmill estimate --input 'hdfs:///text/*.gz' --order 5 --prune 0,0,1 --arpa"
          + " hdfs:///m.arpa"
    })
final class EstimateCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private GramOptions corpus = new GramOptions();
  @Mixin private CountingOptions counting = new CountingOptions();
  @Mixin private MemoryOption memory = new MemoryOption();

  @Option(
      names = "--arpa",
      paramLabel = "FILE",
      description = "The ARPA file to write; a name that ends in .gz is compressed.")
  private @Nullable String arpa;

  @Option(
      names = "--parquet",
      paramLabel = "DIR",
      description =
          "A directory to write the model to as a table for SQL, instead of --arpa or beside it:"
              + " Parquet with the columns ngram, logprob, backoff (log10) and order.")
  private @Nullable String parquet;

  @Mixin private SmoothingOptions smoothing = new SmoothingOptions();

  @Option(
      names = "--prune",
      paramLabel = "T1,T2,...",
      description =
          "Leave out n-grams of order n whose count is at most Tn; the last threshold holds for the"
              + " higher orders. Default: nothing is left out.")
  private String prune = "";

  @Option(
      names = "--discount-fallback",
      description =
          "Use the discounts 0.5, 1, 1.5 where the counts of counts give none: for texts that are"
              + " small or not natural.")
  private boolean discountFallback;

  @Option(
      names = "--interpolate-unigrams",
      arity = "1",
      paramLabel = "true|false",
      defaultValue = "true",
      description =
          "Whether unigrams are interpolated with the uniform distribution; if not, <unk> gets all"
              + " the mass that the discounts free. Default: ${DEFAULT-VALUE}.")
  private boolean interpolateUnigrams = true;

  @Mixin private OverwriteOption overwrite = new OverwriteOption();
  @Mixin private ResumeOption resume = new ResumeOption();

  EstimateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    memory.require();
    EstimateOptions options = options();
    ModelTarget[] targets = targets();
    boolean ofCounts = corpus.ofCounts();
    Configuration configuration = SparkRun.hadoop();
    Map<String, Object> settings = counting.settings(corpus);
    settings.put("options", options.withPartitions(0));
    List<String> read = counting.paths(corpus);
    Map<ReportFile, String> outputs = new LinkedHashMap<>();
    if (arpa != null) {
      outputs.put(ReportFile.ofFile(arpa), arpa);
    }
    if (parquet != null) {
      outputs.put(ReportFile.ofData(parquet), parquet + "/_SUCCESS");
    }
    Optional<Map<String, Object>> kept =
        resume.kept(outputs, settings, read, overwrite.overwrite(), configuration);
    if (kept.isPresent()) {
      console.result(
          common,
          kept.get(),
          () -> String.join(" and ", outputs.values()) + ": complete already, and kept");
      return 0;
    }
    Map<String, Object> madeOf = new LinkedHashMap<>();
    try (SparkRun spark = SparkRun.forNgrams("estimate")) {
      resume.note(madeOf, settings, read, configuration);
      NGramEstimator estimator = new NGramEstimator(spark.context());

      EstimateReport report =
          ofCounts
              ? estimator.estimate(counting.counts(corpus), options, targets)
              : estimator.estimate(counting.input(corpus), options, targets);
      TextNotes.print(console, report.text(), counting.reserved());
      if (report.smoothing() == Smoothing.STUPID_BACKOFF) {
        console.note(
            "note: stupid back-off gives scores, not probabilities: they do not sum to 1, and their"
                + " perplexity compares with no other model's");
      }
      Map<String, Object> result = result(report);
      result.putAll(madeOf);
      outputs.keySet().forEach(file -> file.write(result, configuration, console));
      console.result(common, result, () -> asText(report));
      Tables.noteSkew(console, report.tasks());
    }
    return 0;
  }

  private ModelTarget[] targets() {
    List<ModelTarget> targets = new ArrayList<>();
    if (arpa != null) {
      targets.add(new ArpaTarget(arpa, overwrite.overwrite()));
    }
    if (parquet != null) {
      targets.add(new ParquetTarget(parquet, overwrite.overwrite()));
    }
    if (targets.isEmpty()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no place for the model",
          "wordmill estimate",
          "give --arpa FILE, --parquet DIR, or both");
    }
    return targets.toArray(new ModelTarget[0]);
  }

  private EstimateOptions options() {
    KneserNeyOptions model =
        KneserNeyOptions.ofOrder(counting.order()).withInterpolateUnigrams(interpolateUnigrams);
    if (!prune.isEmpty()) {
      model = model.withPruning(prune);
    }
    if (discountFallback) {
      smoothing.requireDiscounts("--discount-fallback");
      model = model.withFallbackDiscounts(Discounts.FALLBACK);
    }
    return new EstimateOptions(
        model, smoothing.smoothing(), smoothing.parameter(), counting.partitions());
  }

  static Map<String, Object> result(EstimateReport report) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (!report.arpa().isEmpty()) {
      result.put("arpa", report.arpa());
    }
    if (!report.parquet().isEmpty()) {
      result.put("parquet", report.parquet());
    }
    result.put("smoothing", report.smoothing());
    result.put("order", report.orders().size());
    result.put("entries", report.orders().stream().map(EstimateReport.Order::entries).toList());
    result.put("vocabulary", report.vocabulary());
    result.put("tokens", report.tokens());
    result.put("unknown_tokens", report.unknownTokens());
    result.put("sentences", report.sentences());
    result.put("orders", report.orders());
    result.put("text", report.text());
    result.put("splits", report.splits());
    result.put("partitions", report.partitions());
    result.put("seconds", report.seconds());
    result.put("tasks", report.tasks());
    return result;
  }

  static String asText(EstimateReport report) {
    List<String> header = new ArrayList<>(List.of("order", "n-grams", "pruned"));
    header.addAll(
        switch (report.smoothing()) {
          case KNESER_NEY, MAXIMUM_LIKELIHOOD -> List.of("D1", "D2", "D3+");
          case ABSOLUTE -> List.of("D");
          case ADD_K, WITTEN_BELL, STUPID_BACKOFF -> List.of();
        });
    List<List<String>> rows = new ArrayList<>();
    for (EstimateReport.Order order : report.orders()) {
      rows.add(
          List.of(
                  String.valueOf(order.order()),
                  String.valueOf(order.entries()),
                  String.valueOf(order.pruned()),
                  discount(order.discounts().d1()),
                  discount(order.discounts().d2()),
                  discount(order.discounts().d3()))
              .subList(0, header.size()));
    }
    return Tables.table(header, rows)
        + String.format(
            Locale.ROOT,
            "%s: %,d n-grams from %,d tokens in %,d sentences%n",
            String.join(
                " and ",
                Stream.of(report.arpa(), report.parquet())
                    .filter(path -> !path.isEmpty())
                    .toList()),
            report.orders().stream().mapToLong(EstimateReport.Order::entries).sum(),
            report.tokens(),
            report.sentences());
  }

  private static String discount(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
