package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.counter.StandardInput;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.StreamScorer;
import org.wordmill.text.TextPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How well a model predicts a text. */
@Command(
    name = "score",
    header = "Perplexity of text under any model.",
    description = {
      "Tells how well a model predicts a text: perplexity, and bits per character, the unit in"
          + " which models of words and of characters can be compared. For an n-gram model the"
          + " figures are those of KenLM's query: every word and one </s> a line is a token, <s> is"
          + " none.",
      "With --output it scores the rows of a corpus one by one, on Spark, and writes them with"
          + " their perplexities."
    },
    footer = {
      "",
      "Examples:",
      "  wordmill score --model model.arpa --input test.txt",
      "  wordmill score --model runs/shakespeare --input test.txt --json",
      "  wordmill score --model model.arpa --input test.txt --per-token kenlm",
      "  wordmill score --model model.table --input 'pages/*.jsonl' --format jsonl --output scored",
      "  wordmill score --model model.table --input corpus --keep-below 500 --output-format text"
          + " --output kept"
    })
final class ScoreCommand implements Callable<Integer> {
  private final Console console;

  /** The forms of the lines of --per-token. */
  enum Form {
    TSV,
    KENLM
  }

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private TextOptions text = new TextOptions();

  @Option(
      names = "--per-token",
      arity = "0..1",
      fallbackValue = "tsv",
      paramLabel = "FORM",
      description =
          "Print every token too. tsv, the default: sentence, token, log10 probability and, for"
              + " n-gram models, how long an n-gram was found for it. kenlm: what KenLM's query"
              + " prints, for scripts that read it.")
  private @Nullable Form perToken;

  @Mixin private CorpusOptions corpus = new CorpusOptions();

  ScoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (corpus.isPresent()) {
      if (perToken != null) {
        throw new WordmillException(
            ExitCode.USAGE, "--per-token is not for --output", "score", "leave one of them out");
      }
      Map<String, Object> result =
          corpus.run(
              model.path(), text.inputs(), text.policy(TextPolicy.Reserved.UNKNOWN), console);
      console.result(common, result, () -> Tables.facts(result));
      return 0;
    }
    try (OpenModel opened = model.open(console);
        StandardInput stdin = StandardInput.of(text.inputs(), new Configuration())) {
      TokenScores tokens = new TokenScores(opened, console, common.json());
      Optional<KenlmScores> kenlm =
          perToken == Form.KENLM && !common.json()
              ? Optional.of(new KenlmScores(opened, console.out()))
              : Optional.empty();
      boolean silent = perToken == null;
      Perplexity perplexity =
          Scoring.score(
              opened,
              stdin.paths(),
              text.policy(TextPolicy.Reserved.UNKNOWN),
              silent
                  ? CorpusScorer.SILENT
                  : kenlm.<CorpusScorer.Listener>map(k -> k).orElse(tokens),
              silent ? StreamScorer.SILENT : tokens);
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
      if (!silent) {
        result.put("per_token", tokens.tokens());
      }
      console.result(common, result, () -> kenlm.map(KenlmScores::summary).orElse(figures));
    }
    return 0;
  }
}
