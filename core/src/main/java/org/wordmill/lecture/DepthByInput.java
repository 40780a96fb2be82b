package org.wordmill.lecture;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.wordmill.module.Linear;
import org.wordmill.module.Tanh;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * A network whose depth is decided while it computes: a random number of layers, drawn from a seed
 * that comes with the input, each applied as often as chance has it. Ordinary control flow makes
 * the graph; the tape records what was done and knows nothing of ifs and loops.
 *
 * <pre>
 * x = x0;  L = 1 + (draw below longest)
 * L times:  x = tanh(W_i x + b_i)    with i drawn below layers      x, y [N, C]
 * y = x
 * </pre>
 *
 * Source: lecture, define by run.
 */
public final class DepthByInput extends Module {
  private final List<Linear> layers = new ArrayList<>();
  private final Tanh tanh = new Tanh();
  private final int longest;

  /**
   * @param layers different layers to choose from
   * @param longest the greatest depth
   */
  public DepthByInput(int width, int layers, int longest, Initializer weights) {
    for (int i = 0; i < layers; i++) {
      this.layers.add(new Linear("layer." + i, width, width, weights));
    }
    this.longest = longest;
  }

  @Override
  public List<Module> children() {
    List<Module> all = new ArrayList<>(layers);
    all.add(tanh);
    return all;
  }

  /** How many layers an input with this seed passes through. */
  public int depth(long seed) {
    return 1 + new SplittableRandom(seed).nextInt(longest);
  }

  public Variable forward(Tape tape, Variable x, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int depth = 1 + random.nextInt(longest);
    Variable y = x;
    for (int i = 0; i < depth; i++) {
      y = tape.apply(tanh, tape.apply(layers.get(random.nextInt(layers.size())), y));
    }
    return y;
  }
}
