package org.wordmill.module.attention;

import java.util.List;
import org.wordmill.module.Dropout;
import org.wordmill.module.Linear;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * Causal multi-head self-attention: y = dropout(c_proj(attention(c_attn(x)))), where one linear map
 * makes queries, keys and values of all heads. x, y [B, T, C].
 *
 * <p>Source: Vaswani et al., Attention is all you need, 2017, section 3.2.2.
 */
public final class MultiHeadAttention extends Module {
  private final Linear queriesKeysValues;
  private final CausalAttention attention;
  private final Linear project;
  private final Dropout dropout;

  /**
   * @param name prefix of {@code c_attn} and {@code c_proj} in files
   * @param projection how {@code c_proj} starts; smaller in deep networks
   * @param dropout rate for the attention weights and for the output
   */
  public MultiHeadAttention(
      String name,
      int width,
      int heads,
      Initializer weights,
      Initializer projection,
      double dropout) {
    this(name, width, new CausalAttention(heads, dropout), weights, projection, dropout);
  }

  /**
   * With an attention of the caller's choice, which may know positions.
   *
   * @param dropout rate for the output
   */
  MultiHeadAttention(
      String name,
      int width,
      CausalAttention attention,
      Initializer weights,
      Initializer projection,
      double dropout) {
    this.queriesKeysValues = new Linear(name + ".c_attn", width, 3 * width, weights);
    this.attention = attention;
    this.project = new Linear(name + ".c_proj", width, width, projection);
    this.dropout = new Dropout(dropout);
  }

  @Override
  public List<Module> children() {
    return List.of(queriesKeysValues, attention, project, dropout);
  }

  public Variable forward(Tape tape, Variable x) {
    Variable heard = tape.apply(attention, tape.apply(queriesKeysValues, x));
    return dropout.forward(tape, tape.apply(project, heard));
  }
}
