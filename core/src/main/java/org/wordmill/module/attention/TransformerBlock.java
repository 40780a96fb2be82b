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
 * One layer of a Transformer: attention, and then a feed-forward part, each inside a residual
 * connection. x, y [B, T, C].
 *
 * <pre>
 * pre-norm    h = x + attention(ln_1(x))      y = h + feedForward(ln_2(h))
 * post-norm   h = ln_1(x + attention(x))      y = ln_2(h + feedForward(h))
 * </pre>
 *
 * <p>Source: Radford et al., Language models are unsupervised multitask learners, 2019, for
 * pre-norm; Vaswani et al., Attention is all you need, 2017, for post-norm.
 */
public final class TransformerBlock extends Module {
  private final LayerNorm attentionNorm;
  private final MultiHeadAttention attention;
  private final LayerNorm feedForwardNorm;
  private final FeedForward feedForward;
  private final NormPlacement placement;
  private final boolean residual;
  private final Add add = new Add();

  /**
   * What a block is made of.
   *
   * @param width C, a multiple of {@code heads}
   * @param longest T, the longest sequence; relative positions have no distances beyond it
   * @param dropout rate of attention weights and of the outputs of both parts
   * @param residual whether there are residual connections; without them y = feedForward(..) alone
   */
  public record Recipe(
      int width,
      int heads,
      int longest,
      double dropout,
      PositionKind positions,
      NormPlacement norm,
      boolean residual) {

    private CausalAttention attention(String name, Initializer weights) {
      return switch (positions) {
        case ROTARY -> CausalAttention.rotary(heads, dropout);
        case RELATIVE ->
            CausalAttention.relative(name + ".relative", heads, longest, dropout, weights);
        case LEARNED, SINUSOIDAL, NONE -> new CausalAttention(heads, dropout);
      };
    }
  }

  /**
   * A block of GPT-2, whose positions are not its business.
   *
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
    this(
        name,
        new Recipe(width, heads, 0, dropout, PositionKind.NONE, NormPlacement.PRE, true),
        weights,
        projection);
  }

  /**
   * @param name prefix in files, for example {@code h.0}
   * @param projection how the two output projections start
   */
  public TransformerBlock(String name, Recipe recipe, Initializer weights, Initializer projection) {
    int width = recipe.width();
    double dropout = recipe.dropout();
    this.attentionNorm = new LayerNorm(name + ".ln_1", width);
    this.attention =
        new MultiHeadAttention(
            name + ".attn",
            width,
            recipe.attention(name + ".attn", weights),
            weights,
            projection,
            dropout);
    this.feedForwardNorm = new LayerNorm(name + ".ln_2", width);
    this.feedForward = new FeedForward(name + ".mlp", width, weights, projection, dropout);
    this.placement = recipe.norm();
    this.residual = recipe.residual();
  }

  @Override
  public List<Module> children() {
    return List.of(attentionNorm, attention, feedForwardNorm, feedForward, add);
  }

  public Variable forward(Tape tape, Variable x) {
    if (placement == NormPlacement.POST) {
      Variable heard = sum(tape, x, attention.forward(tape, x));
      Variable middle = tape.apply(attentionNorm, heard);
      Variable thought = sum(tape, middle, feedForward.forward(tape, middle));
      return tape.apply(feedForwardNorm, thought);
    }
    Variable heard = attention.forward(tape, tape.apply(attentionNorm, x));
    Variable middle = sum(tape, x, heard);
    Variable thought = feedForward.forward(tape, tape.apply(feedForwardNorm, middle));
    return sum(tape, middle, thought);
  }

  private Variable sum(Tape tape, Variable x, Variable change) {
    return residual ? tape.apply(add, x, change) : change;
  }
}
