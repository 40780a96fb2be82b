package org.wordmill.module.attention;

import java.util.List;
import org.wordmill.module.Add;
import org.wordmill.module.FeedForward;
import org.wordmill.module.LayerNorm;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * One layer of a GPT: x + attention(ln_1(x)), and then the same with the feed-forward part. x, y
 * [B, T, C].
 *
 * <p>Source: Radford et al., Language models are unsupervised multitask learners, 2019 (layer
 * normalization before each part, as opposed to the original Transformer).
 */
public final class TransformerBlock extends Module {
  private final LayerNorm beforeAttention;
  private final MultiHeadAttention attention;
  private final LayerNorm beforeFeedForward;
  private final FeedForward feedForward;
  private final Add add = new Add();

  /**
   * @param name prefix in files, for example {@code h.0}
   * @param projection how the two output projections start
   */
  public TransformerBlock(
      String name,
      int width,
      int heads,
      Initializer weights,
      Initializer projection,
      double dropout) {
    this.beforeAttention = new LayerNorm(name + ".ln_1", width);
    this.attention =
        new MultiHeadAttention(name + ".attn", width, heads, weights, projection, dropout);
    this.beforeFeedForward = new LayerNorm(name + ".ln_2", width);
    this.feedForward = new FeedForward(name + ".mlp", width, weights, projection, dropout);
  }

  @Override
  public List<Module> children() {
    return List.of(beforeAttention, attention, beforeFeedForward, feedForward, add);
  }

  public Variable forward(Tape tape, Variable x) {
    Variable heard = attention.forward(tape, tape.apply(beforeAttention, x));
    Variable middle = tape.apply(add, x, heard);
    Variable thought = feedForward.forward(tape, tape.apply(beforeFeedForward, middle));
    return tape.apply(add, middle, thought);
  }
}
