import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientCheck;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/** The product of two values of one shape, element by element: z = x y. */
public final class Product extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    double[] x = call.input(0).toDoubles();
    double[] y = call.input(1).toDoubles();
    double[] z = new double[x.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = x[i] * y[i];
    }
    Tensor output = call.output(call.input(0).shape());
    output.copyFrom(z);
    return output;
  }

  @Override
  protected void backward(Call call) {
    double[] x = call.input(0).toDoubles();
    double[] y = call.input(1).toDoubles();
    double[] dz = call.outputGradient().toDoubles();
    double[] dx = new double[x.length];
    double[] dy = new double[y.length];
    for (int i = 0; i < dz.length; i++) {
      dx[i] = dz[i] * y[i];
      dy[i] = dz[i] * x[i];
    }
    addTo(call, 0, dx);
    addTo(call, 1, dy);
  }

  private static void addTo(Call call, int input, double[] values) {
    Tensor part = call.output(call.input(input).shape());
    part.copyFrom(values);
    GradientSlot slot = call.inputGradient(input);
    call.kernels().copy(part, slot.tensor(), slot.claim());
  }

  /** What the gradient check checks: x^2 y, where x is both inputs of one call. */
  public static GradientCheck.Case gradientCheck() {
    Product product = new Product();
    Tensor x = Tensor.of(new double[] {0.5, -1, 2}, 1, 3);
    Tensor y = Tensor.of(new double[] {0.1, 0.7, -0.3}, 1, 3);
    return new GradientCheck.Case(
        "Product",
        product,
        null,
        java.util.List.of(x, y),
        (tape, inputs) -> {
          var square = tape.apply(product, inputs.get(0), inputs.get(0));
          return tape.apply(product, square, inputs.get(1));
        });
  }
}
