package org.wordmill.submit.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Decoder;
import org.wordmill.text.Vocabulary;

/** The likeliest tokens behind a prompt, with the probabilities that the model itself gives. */
final class NextTokens {
  private NextTokens() {}

  static Map<String, Object> of(String prompt, Served served, LanguageModel model, int most) {
    LanguageModel.State state = model.start();
    int[] tokens = served.tokenizer().encode(prompt);
    for (int token : tokens) {
      state = model.advance(state, token);
    }
    float[] logProbabilities = new float[model.vocabulary().size()];
    model.nextLogProbabilities(state, logProbabilities);
    List<Map<String, Object>> next = new ArrayList<>();
    for (int token : Tokens.likeliest(logProbabilities, most)) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("token", Tokens.shown(served.tokenizer(), token));
      row.put("text", text(prompt, served, token));
      row.put("probability", Math.exp(logProbabilities[token]));
      row.put("log_probability", logProbabilities[token]);
      next.add(row);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("object", "next_tokens");
    answer.put("model", served.name());
    answer.put("kind", served.kind());
    answer.put("prompt_tokens", tokens.length);
    answer.put("next", next);
    return answer;
  }

  /** What the prompt grows by with this token; empty where that is not text. */
  private static String text(String prompt, Served served, int token) {
    Vocabulary vocabulary = served.tokenizer().vocabulary();
    if (token == vocabulary.begin() || token == vocabulary.end() || token == vocabulary.unknown()) {
      return "";
    }
    Decoder decoder = served.tokenizer().decoder();
    String text = decoder.next(token);
    return text.isEmpty() ? "" : Completion.lead(prompt, served.ofSentences()) + text;
  }
}
