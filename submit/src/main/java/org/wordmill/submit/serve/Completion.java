package org.wordmill.submit.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.StopStrings;
import org.wordmill.lm.TextGenerator;
import org.wordmill.text.Decoder;
import org.wordmill.text.Tokenizer;

/**
 * One completion as it is drawn: hears of tokens and tells pieces of text that are certain, without
 * half characters and without what may become a stop string. The pieces, one after the other, are
 * the whole.
 */
final class Completion {

  /**
   * A piece of a completion.
   *
   * @param tokens those that begin in the text so far and were not told before; none unless they
   *     were asked for
   * @param finishReason {@code stop} or {@code length} in the last piece, null before
   */
  record Piece(String text, List<TokenLog> tokens, @Nullable String finishReason) {}

  /**
   * What was known of a token before the sampler drew it.
   *
   * @param begin where its text begins, in UTF-16 units from the beginning of the completion
   * @param offset the same in Unicode code points
   * @param logProbability natural logarithm
   * @param top the likeliest tokens, and this one
   */
  record TokenLog(
      String token, int begin, int offset, double logProbability, Map<String, Double> top) {}

  /** How many tokens were read and drawn. */
  record Usage(int prompt, int completion) {}

  private final CompletionRequest request;
  private final Tokenizer tokenizer;
  private final Consumer<Piece> out;
  private final Decoder decoder;
  private final StopStrings stops;
  private final Deque<TokenLog> pending = new ArrayDeque<>();
  private String lead;
  private int drawn;
  private int drawnOffset;
  private int released;

  private Completion(
      CompletionRequest request, Tokenizer tokenizer, boolean ofSentences, Consumer<Piece> out) {
    this.request = request;
    this.tokenizer = tokenizer;
    this.out = out;
    decoder = tokenizer.decoder();
    stops = new StopStrings(request.stop());
    lead = lead(request.prompt(), ofSentences);
  }

  /** The space that no token of a model of words holds, between a prompt and its continuation. */
  static String lead(String prompt, boolean ofSentences) {
    boolean wordBefore =
        !prompt.isEmpty() && !Character.isWhitespace(prompt.charAt(prompt.length() - 1));
    return ofSentences && wordBefore ? " " : "";
  }

  /**
   * Draws a completion.
   *
   * @param out hears the pieces, at least one, the last with a finish reason
   */
  static Usage draw(
      CompletionRequest request,
      LanguageModel model,
      Tokenizer tokenizer,
      boolean ofSentences,
      Consumer<Piece> out) {
    Completion completion = new Completion(request, tokenizer, ofSentences, out);
    int[] prompt = tokenizer.encode(request.prompt());
    TextGenerator.Generated generated =
        new TextGenerator(model, tokenizer, request.sampler())
            .generate(prompt, request.maxTokens(), request.seed(), completion::token);
    completion.end(generated.ended());
    return new Usage(prompt.length, generated.tokens());
  }

  private boolean token(int token, float[] logProbabilities) {
    if (request.logprobs() >= 0) {
      pending.add(log(token, logProbabilities));
    }
    tell(stops.next(add(lead + decoder.next(token))), null);
    lead = "";
    return !stops.found();
  }

  private String add(String text) {
    drawn += text.length();
    drawnOffset += text.codePointCount(0, text.length());
    return text;
  }

  private TokenLog log(int token, float[] logProbabilities) {
    Map<String, Double> top = new LinkedHashMap<>();
    for (int likely : Tokens.likeliest(logProbabilities, request.logprobs())) {
      top.putIfAbsent(Tokens.shown(tokenizer, likely), (double) logProbabilities[likely]);
    }
    String shown = Tokens.shown(tokenizer, token);
    if (!top.isEmpty()) {
      top.putIfAbsent(shown, (double) logProbabilities[token]);
    }
    return new TokenLog(shown, drawn, drawnOffset, logProbabilities[token], top);
  }

  private void end(boolean ended) {
    String rest = stops.next(add(decoder.end()));
    boolean stopped = stops.found();
    if (!stopped) {
      rest += stops.end();
    }
    tell(rest, stopped || ended ? "stop" : "length");
  }

  private void tell(String text, @Nullable String finishReason) {
    released += text.length();
    List<TokenLog> tokens = new ArrayList<>();
    boolean isWhole = finishReason != null && !stops.found();
    while (!pending.isEmpty() && (isWhole || pending.element().begin() < released)) {
      tokens.add(pending.remove());
    }
    if (!text.isEmpty() || !tokens.isEmpty() || finishReason != null) {
      out.accept(new Piece(text, tokens, finishReason));
    }
  }
}
