package org.wordmill.module;

import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;

/**
 * Layer normalization over the last dimension, with the population variance.
 *
 * <pre>
 * forward   n = (x - mean(x)) r     r = 1 / sqrt(var(x) + 1e-5)     y = gain n + bias
 * backward  g = dy gain
 *           dx += r (g - mean(g) - n mean(g n))     dgain += sum dy n     dbias += sum dy
 * </pre>
 *
 * Source: Ba, Kiros and Hinton, Layer normalization, 2016.
 */
public final class LayerNorm extends LeafModule {
  private static final double EPSILON = 1e-5;

  private final Parameter gain;
  private final Parameter bias;

  /** With a gain {@code name.weight} of ones and a bias {@code name.bias} of zeros. */
  public LayerNorm(String name, int width) {
    this.gain = new Parameter(name + ".weight", new Initializer.Constant(1), width);
    this.bias = new Parameter(name + ".bias", new Initializer.Constant(0), width);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(gain, bias);
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor y = call.output(x.shape());
    Tensor mean = call.keep(x.rows());
    Tensor rstd = call.keep(x.rows());
    call.kernels().layerNormForward(x, call.value(gain), call.value(bias), EPSILON, y, mean, rstd);
    return y;
  }

  @Override
  protected void backward(Call call) {
    // The gradients of the parameters come with that of x, wanted or not.
    boolean wanted = call.needsGradient(0);
    Tensor dx = wanted ? call.inputGradient(0).tensor() : call.output(call.input(0).shape());
    boolean accumulate = wanted && call.inputGradient(0).claim();
    call.kernels()
        .layerNormBackward(
            call.input(0),
            call.value(gain),
            call.kept(0),
            call.kept(1),
            call.outputGradient(),
            dx,
            accumulate,
            call.gradient(gain),
            call.gradient(bias));
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }
}
