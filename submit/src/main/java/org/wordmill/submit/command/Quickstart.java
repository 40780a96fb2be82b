package org.wordmill.submit.command;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.wordmill.counter.ArpaTarget;
import org.wordmill.counter.CountOptions;
import org.wordmill.counter.CountReport;
import org.wordmill.counter.CountTarget;
import org.wordmill.counter.EstimateOptions;
import org.wordmill.counter.EstimateReport;
import org.wordmill.counter.NGramCounter;
import org.wordmill.counter.NGramEstimator;
import org.wordmill.counter.TextInput;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Sampler;
import org.wordmill.lm.Spelling;
import org.wordmill.lm.StreamScorer;
import org.wordmill.lm.TextGenerator;
import org.wordmill.lm.UniformModel;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.submit.config.Settings;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.submit.report.Html;
import org.wordmill.submit.report.Report;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.train.EvaluationMetrics;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TrainingListener;
import org.wordmill.train.TrainingReport;
import org.wordmill.trainer.Tokenization;
import org.wordmill.trainer.TrainingJob;

/**
 * The whole road on the sample text, with the jobs that the commands run: n-grams counted, a model
 * of words estimated, a model of characters trained, all of them scored in one unit, and a text by
 * each.
 */
final class Quickstart {
  private static final int ORDER = 5;
  private static final String PRESET = "quickstart";
  private static final String PROMPT = "The miller";
  private static final int SAMPLE_CHARACTERS = 400;
  private static final Sampler SAMPLER = new Sampler(0.7, 0, 1);
  private static final long SEED = 7;

  private final QuickstartFolder folder;
  private final List<String> assignments;
  private final Console console;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  Quickstart(QuickstartFolder folder, List<String> assignments, Console console) {
    this.folder = folder;
    this.assignments = assignments;
    this.console = console;
  }

  /** Walks the road and writes the report. */
  Report run() {
    Config settings = Settings.load(PRESET, assignments);
    TrainingSettings training = TrainingSettings.of(settings);
    CurveRecorder curve = new CurveRecorder();

    CountReport counts = step(1, "count n-grams of order 1 to " + ORDER, this::count);
    List<Report.FrequentNgrams> ngrams = TopNgrams.read(folder.counts(), counts.ngrams());
    console.note("  most frequent 3-grams: " + TopNgrams.inOneLine(ngrams.get(2)));
    EstimateReport estimate = step(2, "estimate a 5-gram model (Kneser-Ney)", this::estimate);
    TrainingReport trained =
        step(3, "train a Transformer on characters", () -> train(settings, training, curve));
    Result result =
        step(4, "score the held-out text and write", () -> scoreAndWrite(estimate, trained));

    Report report =
        new QuickstartReport(folder, counts, trained, seconds)
            .of(
                result.models(),
                curve.curve(result.references()),
                result.samples(),
                ngrams,
                Settings.render(settings));
    try {
      Files.writeString(folder.report(), Html.page(report));
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the report cannot be written: " + e,
          folder.report().toString(),
          "",
          e);
    }
    return report;
  }

  /** Scores in the order of the report, with the lines to compare the learning curve with. */
  private record Result(
      List<Report.Model> models, Map<String, Double> references, List<Report.Sample> samples) {}

  private <T> T step(int number, String title, Supplier<T> work) {
    console.note("[" + number + "/4] " + title);
    long begin = System.nanoTime();
    T result = work.get();
    double took = (System.nanoTime() - begin) * 1e-9;
    seconds.put(title, took);
    console.note(String.format(Locale.ROOT, "[%d/4] done in %.1f s", number, took));
    return result;
  }

  private TextInput text() {
    return TextInput.of(folder.train().toUri().toString());
  }

  private CountReport count() {
    try (SparkRun spark = SparkRun.forNgrams("quickstart: count")) {
      return new NGramCounter(spark.context())
          .count(
              text(),
              CountOptions.ofOrder(ORDER).withFormat(CountOptions.Format.TSV).withPartitions(1),
              new CountTarget(folder.counts().toUri().toString(), false));
    }
  }

  private EstimateReport estimate() {
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(ORDER).withFallbackDiscounts(Discounts.FALLBACK);
    try (SparkRun spark = SparkRun.forNgrams("quickstart: estimate")) {
      return new NGramEstimator(spark.context())
          .estimate(
              text(),
              EstimateOptions.ofOrder(ORDER).withModel(options),
              new ArpaTarget(folder.arpa().toUri().toString(), false));
    }
  }

  private TrainingReport train(
      Config settings, TrainingSettings training, TrainingListener listener) {
    TrainingJob job =
        new TrainingJob(
            List.of(folder.train().toUri().toString()),
            List.of(folder.validation().toUri().toString()),
            folder.transformer().toUri().toString(),
            false,
            Tokenization.characters(TextPolicy.DEFAULT),
            training.sync(),
            training.training());
    return TrainCommand.train(job, settings, console, listener);
  }

  private Result scoreAndWrite(EstimateReport estimate, TrainingReport trained) {
    try (OpenModel words = Models.open(folder.arpa().toUri().toString(), console);
        OpenModel transformer = Models.open(folder.transformer().toUri().toString(), console)) {
      Tokenizer characters = transformer.tokenizer();
      UniformModel uniform = new UniformModel(characters.vocabulary());
      Scorer scorer = new Scorer(characters);
      Perplexity byUniform = scorer.characters(uniform, folder.test());
      Perplexity byTransformer = scorer.characters(transformer.model(), folder.test());
      Perplexity byWords = scorer.words(words.model(), folder.test());
      List<Report.Model> models =
          List.of(
              model(
                  "Blind guessing",
                  "Every character is equally likely.",
                  byUniform,
                  "character",
                  characters.vocabulary().size() + " characters"),
              model(
                  "5-gram model",
                  "Words given the four words before; Kneser-Ney smoothing. Words that it does not"
                      + " know are spelled letter by letter.",
                  byWords,
                  "word",
                  String.format(
                      Locale.ROOT,
                      "%,d n-grams",
                      estimate.orders().stream().mapToLong(EstimateReport.Order::entries).sum())),
              model(
                  "Transformer",
                  "Characters given the characters before; trained by gradient descent.",
                  byTransformer,
                  "character",
                  String.format(Locale.ROOT, "%,d parameters", trained.parameters())));
      Map<String, Double> references = new LinkedHashMap<>();
      references.put("guessing", nats(scorer.characters(uniform, folder.validation())));
      references.put("5-gram", nats(scorer.words(words.model(), folder.validation())));
      List<Report.Sample> samples =
          List.of(
              new Report.Sample(
                  "Blind guessing",
                  PROMPT,
                  new TextGenerator(uniform, characters, SAMPLER)
                      .generate(PROMPT, SAMPLE_CHARACTERS / 4, SEED)
                      .text()),
              new Report.Sample("5-gram model", PROMPT, sentences(words)),
              new Report.Sample(
                  "Transformer",
                  PROMPT,
                  new TextGenerator(transformer.model(), characters, SAMPLER)
                      .generate(PROMPT, SAMPLE_CHARACTERS, SEED)
                      .text()));
      return new Result(models, references, samples);
    }
  }

  /** Scores models of characters and of words, spelled with the same characters. */
  private record Scorer(Tokenizer alphabet) {
    Perplexity characters(LanguageModel model, Path text) {
      String read = Texts.read(List.of(text.toUri().toString()), TextPolicy.DEFAULT);
      return StreamScorer.score(
          model, alphabet.encode(read), read.codePointCount(0, read.length()));
    }

    Perplexity words(LanguageModel model, Path text) {
      CorpusScorer scorer =
          new CorpusScorer(
              model,
              TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN),
              new Spelling(alphabet.vocabulary().size() - 1));
      Perplexity[] sum = {Perplexity.NONE};
      Texts.forEachFile(
          List.of(text.toUri().toString()),
          (in, file) -> sum[0] = sum[0].plus(scorer.score(in, file)));
      return sum[0];
    }
  }

  /** One sentence after the prompt, and more until the text is as long as that of the others. */
  private static String sentences(OpenModel words) {
    TextGenerator generator = new TextGenerator(words.model(), words.tokenizer(), SAMPLER);
    StringBuilder text = new StringBuilder();
    for (long seed = SEED; text.length() < SAMPLE_CHARACTERS; seed++) {
      String prompt = text.isEmpty() ? PROMPT : "";
      text.append(' ').append(generator.generate(prompt, SAMPLE_CHARACTERS / 10, seed).text());
    }
    return text.toString();
  }

  private static Report.Model model(
      String name, String description, Perplexity score, String unit, String size) {
    return new Report.Model(
        name, description, score.bitsPerCharacter(), score.includingOov(), unit, size);
  }

  private static double nats(Perplexity score) {
    return score.bitsPerCharacter() * Math.log(2);
  }

  /** Keeps the losses of a training for the picture. */
  private static final class CurveRecorder implements TrainingListener {
    private final List<Report.Point> training = new ArrayList<>();
    private final List<Report.Point> validation = new ArrayList<>();

    @Override
    public void step(StepMetrics metrics) {
      training.add(new Report.Point(metrics.step(), metrics.loss()));
    }

    @Override
    public void evaluated(EvaluationMetrics metrics) {
      validation.add(new Report.Point(metrics.step(), metrics.validationLoss()));
    }

    Report.Curve curve(Map<String, Double> references) {
      return new Report.Curve(training, validation, references);
    }
  }
}
