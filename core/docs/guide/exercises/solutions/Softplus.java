import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientCheck;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/** The softplus, element by element: y = log(1 + exp(x)). */
public final class Softplus extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    double[] x = call.input(0).toDoubles();
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.log1p(Math.exp(x[i]));
    }
    Tensor output = call.output(call.input(0).shape());
    output.copyFrom(y);
    return output;
  }

  @Override
  protected void backward(Call call) {
    double[] x = call.input(0).toDoubles();
    double[] dy = call.outputGradient().toDoubles();
    double[] dx = new double[x.length];
    for (int i = 0; i < dx.length; i++) {
      dx[i] = dy[i] / (1 + Math.exp(-x[i]));
    }
    Tensor part = call.output(call.input(0).shape());
    part.copyFrom(dx);
    GradientSlot slot = call.inputGradient(0);
    call.kernels().copy(part, slot.tensor(), slot.claim());
  }

  /** What the gradient check checks. */
  public static GradientCheck.Case gradientCheck() {
    Tensor x = Tensor.of(new double[] {0.5, -1, 2, 0.1, 0.7, -0.3}, 2, 3);
    return GradientCheck.Case.leaf("Softplus", new Softplus(), x);
  }
}
