import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientCheck;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/** Scores to log-probabilities, row by row: y_i = x_i - log(sum_j exp(x_j)). */
public final class LogSoftmax extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    double[] x = call.input(0).toDoubles();
    double[] y = new double[x.length];
    int columns = call.input(0).columns();
    for (int row = 0; row < x.length; row += columns) {
      double sum = 0;
      for (int i = row; i < row + columns; i++) {
        sum += Math.exp(x[i]);
      }
      for (int i = row; i < row + columns; i++) {
        y[i] = x[i] - Math.log(sum);
      }
    }
    Tensor output = call.output(call.input(0).shape());
    output.copyFrom(y);
    return output;
  }

  @Override
  protected void backward(Call call) {
    double[] y = call.outputValue().toDoubles();
    double[] dy = call.outputGradient().toDoubles();
    double[] dx = new double[y.length];
    int columns = call.input(0).columns();
    for (int row = 0; row < y.length; row += columns) {
      for (int i = row; i < row + columns; i++) {
        // The blank: the Jacobian is dy_i/dx_j = [i = j] - exp(y_j). What is missing here?
        dx[i] = dy[i];
      }
    }
    Tensor part = call.output(call.input(0).shape());
    part.copyFrom(dx);
    GradientSlot slot = call.inputGradient(0);
    call.kernels().copy(part, slot.tensor(), slot.claim());
  }

  /** What the gradient check checks. */
  public static GradientCheck.Case gradientCheck() {
    Tensor x = Tensor.of(new double[] {0.5, -1, 2, 0.1, 0.7, -0.3}, 2, 3);
    return GradientCheck.Case.leaf("LogSoftmax", new LogSoftmax(), x);
  }
}
