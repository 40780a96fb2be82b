package org.wordmill.submit.serve;

import java.util.List;
import org.wordmill.lm.Sampler;

/**
 * What {@code POST /v1/completions} asks for.
 *
 * @param model its name or path, or empty for the first
 * @param logprobs how many likeliest tokens to tell in each place; -1 for no log-probabilities
 * @param usage whether a stream ends with the number of tokens
 */
record CompletionRequest(
    String model,
    String prompt,
    int maxTokens,
    Sampler sampler,
    long seed,
    List<String> stop,
    int logprobs,
    boolean stream,
    boolean usage) {

  private static final int MAX_TOKENS = 16;
  private static final int MOST_STOPS = 4;
  private static final int MOST_LOGPROBS = 20;

  /**
   * @throws HttpFault 400 for a field that is wrong, unknown or not supported
   */
  static CompletionRequest of(Fields fields, Limits limits) {
    int most = limits.maxTokens();
    CompletionRequest request =
        new CompletionRequest(
            fields.text("model", ""),
            fields.text("prompt"),
            fields.integer("max_tokens", Math.min(MAX_TOKENS, most), 1, most),
            sampler(fields),
            fields.integer("seed", 1L),
            fields.strings("stop", MOST_STOPS),
            fields.has("logprobs") ? fields.integer("logprobs", 0, 0, MOST_LOGPROBS) : -1,
            fields.truth("stream", false),
            usage(fields));
    for (String one : List.of("n", "best_of")) {
      fields.only(one, "1");
    }
    fields.only("echo", "false");
    fields.only("suffix", "\"\"");
    fields.only("presence_penalty", "0");
    fields.only("frequency_penalty", "0");
    fields.only("logit_bias", "{}");
    fields.text("user", "");
    fields.nothingElse();
    return request;
  }

  private static boolean usage(Fields fields) {
    Fields options = fields.object("stream_options");
    boolean usage = options.truth("include_usage", false);
    options.nothingElse();
    return usage;
  }

  private static Sampler sampler(Fields fields) {
    double temperature = fields.number("temperature", 1);
    double topP = fields.number("top_p", 1);
    int topK = fields.integer("top_k", 0, 0, Integer.MAX_VALUE);
    if (!(temperature >= 0 && temperature <= 100)) {
      throw HttpFault.field("temperature", "'temperature' must be 0 to 100");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw HttpFault.field("top_p", "'top_p' must be above 0 and at most 1");
    }
    return new Sampler(temperature, topK, topP);
  }
}
