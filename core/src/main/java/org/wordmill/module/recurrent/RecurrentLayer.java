package org.wordmill.module.recurrent;

import org.wordmill.tape.Initializer;
import org.wordmill.tape.Parameter;

/**
 * The recipe of one recurrent layer, whatever its cell. Parameters are named as PyTorch names them:
 * {@code NAME.weight_ih_lINDEX}, with {@code _reverse} where the layer reads backwards.
 *
 * @param name of the network that the layer belongs to
 * @param index of the layer in the network, from 0
 * @param inputs I, the width of what it reads
 * @param width H, the width of its hidden state
 * @param backwards whether it reads from the last position to the first
 * @param truncation steps after which the gradient goes no farther back in time; 0 for never
 */
public record RecurrentLayer(
    String name, int index, int inputs, int width, boolean backwards, int truncation) {

  public RecurrentLayer {
    if (index < 0 || inputs < 1 || width < 1 || truncation < 0) {
      throw new IllegalArgumentException(
          "layer %d of %d inputs and width %d, truncated after %d steps"
              .formatted(index, inputs, width, truncation));
    }
  }

  /** The first layer of a network, forwards and never truncated. */
  public static RecurrentLayer of(String name, int inputs, int width) {
    return new RecurrentLayer(name, 0, inputs, width, false, 0);
  }

  /** The same layer in the other direction of time. */
  public RecurrentLayer reversed() {
    return new RecurrentLayer(name, index, inputs, width, !backwards, truncation);
  }

  /** The same layer with gradients that go at most {@code steps} back. */
  public RecurrentLayer truncated(int steps) {
    return new RecurrentLayer(name, index, inputs, width, backwards, steps);
  }

  Parameter parameter(String what, int... shape) {
    String fullName = name + "." + what + "_l" + index + (backwards ? "_reverse" : "");
    return new Parameter(fullName, new Initializer.Uniform(1 / Math.sqrt(width)), shape);
  }
}
