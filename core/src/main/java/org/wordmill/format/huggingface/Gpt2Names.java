package org.wordmill.format.huggingface;

import java.util.regex.Pattern;

/**
 * How the parameters of a GPT-2 are named in its files. The head's table {@code lm_head.weight} is
 * that of the tokens, {@code wte.weight}, and need not be there.
 *
 * <p>GPT-2's linear maps are written as convolutions of width 1, y = x W + b, so their weights lie
 * as [inputs, outputs], the transpose of what y = x W^T + b has.
 */
public final class Gpt2Names {
  /** The table of the head, outside of the {@link #PREFIX}. */
  public static final String HEAD = "lm_head.weight";

  /** The table of the tokens' embeddings. */
  public static final String TOKENS = "wte.weight";

  private static final String PREFIX = "transformer.";
  private static final Pattern CONVOLUTION =
      Pattern.compile("h\\.\\d+\\.(attn\\.c_attn|attn\\.c_proj|mlp\\.c_fc|mlp\\.c_proj)\\.weight");
  private static final Pattern BUFFER = Pattern.compile("h\\.\\d+\\.attn\\.(bias|masked_bias)");

  private Gpt2Names() {}

  /** The name in a file that transformers writes. */
  public static String inFile(String parameter) {
    return PREFIX + parameter;
  }

  /** The name of the parameter: older files have it without the prefix. */
  public static String parameter(String inFile) {
    return inFile.startsWith(PREFIX) ? inFile.substring(PREFIX.length()) : inFile;
  }

  /** Whether the file has the transpose of the matrix. */
  public static boolean isTransposed(String parameter) {
    return CONVOLUTION.matcher(parameter).matches();
  }

  /** Whether it is no parameter, but the causal mask that older versions of transformers saved. */
  public static boolean isMask(String parameter) {
    return BUFFER.matcher(parameter).matches();
  }
}
