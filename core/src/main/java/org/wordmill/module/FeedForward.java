package org.wordmill.module;

import java.util.List;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * The position-wise part of a Transformer block: y = dropout(c_proj(gelu(c_fc(x)))), four times as
 * wide inside. x, y [B, T, C].
 *
 * <p>Source: Vaswani et al., Attention is all you need, 2017, section 3.3, with GPT-2's GELU.
 */
public final class FeedForward extends Module {
  private static final int WIDENING = 4;

  private final Linear widen;
  private final Gelu gelu = new Gelu();
  private final Linear project;
  private final Dropout dropout;

  /**
   * @param name prefix of {@code c_fc} and {@code c_proj} in files
   * @param projection how {@code c_proj} starts; smaller in deep networks
   */
  public FeedForward(
      String name, int width, Initializer weights, Initializer projection, double dropout) {
    this.widen = new Linear(name + ".c_fc", width, WIDENING * width, weights);
    this.project = new Linear(name + ".c_proj", WIDENING * width, width, projection);
    this.dropout = new Dropout(dropout);
  }

  @Override
  public List<Module> children() {
    return List.of(widen, gelu, project, dropout);
  }

  public Variable forward(Tape tape, Variable x) {
    Variable hidden = tape.apply(gelu, tape.apply(widen, x));
    return dropout.forward(tape, tape.apply(project, hidden));
  }
}
