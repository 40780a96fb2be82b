package org.wordmill.format.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * The {@code config.json} of a GPT-2 as Hugging Face's transformers writes it: a model of exactly
 * GPT-2's formula (pre-norm, learned positions, GELU by tanh, tied head), in any size. A file that
 * says otherwise is refused, for its parameters would compute something else here. Keys that are
 * not there have the values that transformers gives them; keys that change no number are not read.
 *
 * @param vocabularySize {@code vocab_size}
 * @param positions {@code n_positions}
 * @param width {@code n_embd}
 * @param layers {@code n_layer}
 * @param heads {@code n_head}
 * @param dropout {@code resid_pdrop}, {@code embd_pdrop} and {@code attn_pdrop}
 */
public record Gpt2Config(
    int vocabularySize, int positions, int width, int layers, int heads, double dropout) {
  private static final String TYPE = "gpt2";
  private static final double EPSILON = 1e-5;
  private static final double USUAL_DROPOUT = 0.1;
  private static final int WIDENING = 4;

  /** Two names of 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
  private static final Set<String> ACTIVATIONS = Set.of("gelu_new", "gelu_pytorch_tanh");

  /**
   * The text of the file.
   *
   * @param endOfText the token between texts, which GPT-2 begins and ends with; empty for none
   */
  public String write(OptionalInt endOfText) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("GPT2LMHeadModel"));
    config.put("model_type", TYPE);
    config.put("vocab_size", vocabularySize);
    config.put("n_positions", positions);
    config.put("n_ctx", positions);
    config.put("n_embd", width);
    config.put("n_layer", layers);
    config.put("n_head", heads);
    config.put("n_inner", null);
    config.put("activation_function", "gelu_new");
    config.put("resid_pdrop", dropout);
    config.put("embd_pdrop", dropout);
    config.put("attn_pdrop", dropout);
    config.put("layer_norm_epsilon", EPSILON);
    config.put("initializer_range", 0.02);
    config.put("scale_attn_weights", true);
    config.put("scale_attn_by_inverse_layer_idx", false);
    config.put("tie_word_embeddings", true);
    config.put("use_cache", true);
    config.put("torch_dtype", "float32");
    // What is left out would become the ids of the published GPT-2's end of text.
    @Nullable Integer end = endOfText.isPresent() ? endOfText.getAsInt() : null;
    config.put("bos_token_id", end);
    config.put("eos_token_id", end);
    return Json.parse(Json.write(config), "config.json").toPrettyString() + "\n";
  }

  /**
   * Reads a file.
   *
   * @param where its name, for messages
   * @param notices told, in a sentence, what is not taken over and changes no prediction
   * @throws WordmillException CORRUPT when it is none, or of a model with another formula
   */
  public static Gpt2Config read(String text, String where, Consumer<String> notices) {
    Reader file = new Reader(Json.parse(text, where), where);
    file.require("model_type", TYPE.equals(file.value("model_type").asText()), TYPE);
    JsonNode activation = file.value("activation_function");
    file.require(
        "activation_function",
        activation.isMissingNode() || ACTIVATIONS.contains(activation.asText()),
        "gelu_new");
    file.require(
        "layer_norm_epsilon", file.number("layer_norm_epsilon", EPSILON) == EPSILON, EPSILON);
    file.requireTruth("scale_attn_weights", true);
    file.requireTruth("scale_attn_by_inverse_layer_idx", false);
    file.requireTruth("tie_word_embeddings", true);
    file.requireTruth("add_cross_attention", false);
    int width = file.size("n_embd");
    file.require(
        "n_inner",
        file.value("n_inner").isMissingNode()
            || file.value("n_inner").asLong() == (long) WIDENING * width,
        (long) WIDENING * width);
    double dropout = file.number("resid_pdrop", USUAL_DROPOUT);
    if (!(dropout >= 0 && dropout < 1)) {
      throw fault("resid_pdrop is " + dropout + ", no probability below 1", where);
    }
    for (String other : List.of("embd_pdrop", "attn_pdrop")) {
      if (file.number(other, USUAL_DROPOUT) != dropout) {
        notices.accept(
            where
                + " has another "
                + other
                + " than resid_pdrop; there is one rate of dropout here: "
                + dropout);
      }
    }
    return new Gpt2Config(
        file.size("vocab_size"),
        file.size("n_positions"),
        width,
        file.size("n_layer"),
        file.size("n_head"),
        dropout);
  }

  /** The keys of the file, one by one. */
  private record Reader(JsonNode object, String where) {

    /** Missing where the file says nothing, or null. */
    JsonNode value(String key) {
      JsonNode value = object.path(key);
      return value.isNull() ? MissingNode.getInstance() : value;
    }

    void require(String key, boolean fits, Object expected) {
      if (!fits) {
        String found = value(key).isMissingNode() ? "missing" : value(key).toString();
        throw fault(key + " is " + found + ", expected " + expected, where);
      }
    }

    void requireTruth(String key, boolean expected) {
      JsonNode value = value(key);
      require(
          key,
          value.isMissingNode() || (value.isBoolean() && value.booleanValue() == expected),
          expected);
    }

    double number(String key, double otherwise) {
      JsonNode value = value(key);
      require(key, value.isMissingNode() || value.isNumber(), "a number");
      return value.isMissingNode() ? otherwise : value.doubleValue();
    }

    int size(String key) {
      JsonNode value = value(key);
      require(
          key,
          value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1,
          "a number of at least 1");
      return value.intValue();
    }
  }

  private static WordmillException fault(String what, String where) {
    return new WordmillException(
        ExitCode.CORRUPT, what, where, "only models of GPT-2's formula can be read");
  }
}
