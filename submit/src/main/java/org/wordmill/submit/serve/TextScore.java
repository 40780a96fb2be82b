package org.wordmill.submit.serve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.lm.StreamScorer;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;

/**
 * The score of a text under a model, with the figures that {@code wordmill score} has for a file
 * that holds it: every line is ended by a line end, and a carriage return before it is dropped.
 * Used by the model's thread alone.
 */
final class TextScore {
  private final Served served;

  /** Made when it is first needed, because a vocabulary may be large. */
  private @Nullable Spelling spelling;

  TextScore(Served served) {
    this.served = served;
  }

  /**
   * @param perToken whether to tell every token too
   * @throws HttpFault when there is nothing to score
   */
  Map<String, Object> of(String text, TimedModel model, boolean perToken) {
    String lines = lines(text);
    if (lines.isEmpty()) {
      throw HttpFault.field("text", "'text' is empty, so there is nothing to score");
    }
    Perplexity perplexity = served.ofSentences() ? words(lines, model) : stream(lines, model);
    Map<String, Object> score = new LinkedHashMap<>();
    score.put("object", "score");
    score.put("model", served.name());
    score.put("kind", served.kind());
    score.putAll(perplexity.figures());
    if (served.ofSentences()) {
      score.put("ppl1", perplexity.perWord());
    }
    if (perToken) {
      score.put("per_token", tokens(served.tokenizer(), model.tokens(), model.factors()));
    }
    return score;
  }

  private static String lines(String text) {
    String lines = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    return lines.replace("\r\n", "\n");
  }

  private Perplexity words(String lines, TimedModel model) {
    Spelling known = spelling == null ? Spelling.of(model.vocabulary()) : spelling;
    spelling = known;
    CorpusScorer scorer =
        new CorpusScorer(
            model, TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN), known);
    try {
      return scorer.score(
          new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), "the text");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Perplexity stream(String lines, TimedModel model) {
    return StreamScorer.score(
        model, served.tokenizer().encode(lines), lines.codePointCount(0, lines.length()));
  }

  private static List<Map<String, Object>> tokens(
      Tokenizer tokenizer, int[] tokens, double[] factors) {
    List<Map<String, Object>> list = new ArrayList<>(tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      Map<String, Object> token = new LinkedHashMap<>();
      token.put("token", Tokens.shown(tokenizer, tokens[i]));
      token.put("log_probability", factors[i]);
      list.add(token);
    }
    return list;
  }
}
