package org.wordmill.format.huggingface;

import java.util.LinkedHashMap;
import java.util.Map;
import org.wordmill.format.json.Json;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Tokenizer;

/**
 * The {@code tokenizer_config.json} beside a {@code tokenizer.json}, which tells Hugging Face's
 * transformers how many tokens the model takes, and which of them stands between documents.
 */
public final class TokenizerSettingsFile {
  private TokenizerSettingsFile() {}

  /**
   * The text of the file.
   *
   * @param longest the most tokens that the model takes at once
   */
  public static String write(Tokenizer tokenizer, int longest) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("tokenizer_class", "PreTrainedTokenizerFast");
    settings.put("model_max_length", longest);
    settings.put("clean_up_tokenization_spaces", false);
    if (tokenizer instanceof ByteLevelBpe bpe
        && bpe.specials().contains(ByteLevelBpe.END_OF_TEXT)) {
      settings.put("bos_token", ByteLevelBpe.END_OF_TEXT);
      settings.put("eos_token", ByteLevelBpe.END_OF_TEXT);
    }
    return Json.parse(Json.write(settings), "tokenizer_config.json").toPrettyString() + "\n";
  }
}
