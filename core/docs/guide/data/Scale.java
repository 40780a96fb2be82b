import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientCheck;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;

/** y = gain x, column by column: dx += dy gain, dgain += sum over rows of dy x. */
public final class Scale extends LeafModule {
  private final Parameter gain;

  public Scale(String name, int width) {
    gain = new Parameter(name + ".weight", new Initializer.Constant(1), width);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(gain);
  }

  @Override
  protected Tensor forward(Call call) {
    double[] x = call.input(0).toDoubles();
    double[] g = call.value(gain).toDoubles();
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = g[i % g.length] * x[i];
    }
    Tensor output = call.output(call.input(0).shape());
    output.copyFrom(y);
    return output;
  }

  @Override
  protected void backward(Call call) {
    double[] x = call.input(0).toDoubles();
    double[] g = call.value(gain).toDoubles();
    double[] dy = call.outputGradient().toDoubles();
    double[] dx = new double[x.length];
    double[] dg = call.gradient(gain).toDoubles();
    for (int i = 0; i < dx.length; i++) {
      dx[i] = dy[i] * g[i % g.length];
      dg[i % g.length] += dy[i] * x[i];
    }
    call.gradient(gain).copyFrom(dg);
    if (call.needsGradient(0)) {
      Tensor part = call.output(call.input(0).shape());
      part.copyFrom(dx);
      GradientSlot slot = call.inputGradient(0);
      call.kernels().copy(part, slot.tensor(), slot.claim());
    }
  }

  /** What `wordmill grad-check --source Scale.java` checks. */
  public static GradientCheck.Case gradientCheck() {
    Tensor x = Tensor.of(new double[] {0.5, -1, 2, 0.1, 0.7, -0.3}, 2, 3);
    return GradientCheck.Case.leaf("Scale", new Scale("scale", 3), x);
  }
}
