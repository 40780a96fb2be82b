package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How well a model predicts a text. */
@Command(
    name = "score",
    header = "Perplexity of text under any model.",
    description = {
      "Tells how well a model predicts a text: perplexity, and bits per character, the unit in which"
          + " models of words and of characters can be compared. For an n-gram model the figures are"
          + " those of KenLM's query: every word and one </s> a line is a token, <s> is none.",
      "With --output it scores the rows of a corpus one by one, on Spark, and writes them with their"
          + " perplexities."
    },
    footer = {
      "",
      "Examples:",
      "  wordmill score --model model.arpa --input test.txt",
      "  wordmill score --model runs/shakespeare --input test.txt --json",
      "  wordmill score --model model.table --input 'pages/*.jsonl' --format jsonl --output scored",
      "  wordmill score --model model.table --input corpus --keep-below 500 --output-format text"
          + " --output kept"
    })
final class ScoreCommand implements Callable<Integer> {
  private static final double LN_10 = Math.log(10);

  private final Console console;

  /** A line of --per-token. */
  private record TokenScore(
      long sentence, String token, double log10Probability, int matchedOrder) {
    String line() {
      return String.format(
          Locale.ROOT, "%d\t%s\t%.6f\t%d%n", sentence, token, log10Probability, matchedOrder);
    }
  }

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private TextOptions text = new TextOptions();

  @Option(
      names = "--per-token",
      description =
          "Print every token too: sentence, token, log10 probability, and how long an n-gram was"
              + " found for it. For n-gram models.")
  private boolean perToken;

  @Mixin private CorpusOptions corpus = new CorpusOptions();

  ScoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (corpus.isPresent()) {
      if (perToken) {
        throw new WordmillException(
            ExitCode.USAGE, "--per-token is not for --output", "score", "leave one of them out");
      }
      Map<String, Object> result =
          corpus.run(model.path(), text.inputs(), text.policy(TextPolicy.Reserved.UNKNOWN));
      console.result(common, result, () -> Tables.facts(result));
      return 0;
    }
    try (OpenModel opened = model.open(console)) {
      List<TokenScore> tokens = new ArrayList<>();
      Perplexity perplexity =
          Scoring.score(
              opened,
              text.inputs(),
              text.policy(TextPolicy.Reserved.UNKNOWN),
              perToken ? listener(opened, tokens) : CorpusScorer.SILENT);
      if (perplexity.tokens() == 0) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "there is nothing to score",
            String.join(", ", text.inputs()),
            "name files that hold text");
      }
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("model", opened.path());
      result.put("kind", opened.kind());
      result.putAll(perplexity.figures());
      if (perplexity.zeros() > 0) {
        result.put("zero_probability", perplexity.zeros());
      }
      String figures = Tables.facts(result);
      if (opened.ofSentences()) {
        result.put("ppl1", perplexity.perWord());
      }
      if (perToken) {
        result.put("per_token", tokens);
      }
      console.result(common, result, () -> figures);
    }
    return 0;
  }

  /** Keeps the tokens for one JSON object, or prints each at once. */
  private CorpusScorer.Listener listener(OpenModel opened, List<TokenScore> tokens) {
    if (!(opened.model() instanceof NgramModel ngrams)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "--per-token is for n-gram models, and this is one of kind " + opened.kind(),
          opened.path(),
          "leave it out");
    }
    return (sentence, word, token, before, logProbability) -> {
      TokenScore score =
          new TokenScore(
              sentence, word, logProbability / LN_10, ngrams.matchedLength(before, token));
      if (common.json()) {
        tokens.add(score);
      } else {
        console.out().print(score.line());
      }
    };
  }
}
