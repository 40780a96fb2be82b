import static org.bytedeco.pytorch.global.torch.arange;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.ones;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.softmax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * PyTorch's training step, the peer of {@code TrainingBenchmark}: the official libtorch (with MKL)
 * of DJL's jar, called through Bytedeco's presets, without Python. A GPT with biases, a tied head
 * and no dropout on random tokens: forward, backward, AdamW. Prints a line {@code window
 * TOKENS-PER-SECOND} for each window.
 *
 * <p>Run as one source file, because its version of JavaCPP is not that of ND4J: {@code java -cp
 * ... TorchStep.java LAYERS HEADS WIDTH CONTEXT BATCH VOCABULARY THREADS fused|explicit SECONDS}.
 */
public final class TorchStep {
  private static final int WARM_UP = 2;
  private static final int WINDOWS = 5;
  private static final double EPSILON = 1e-5;

  private final int heads;
  private final int width;
  private final int context;
  private final int batch;
  private final int vocabulary;
  private final boolean fused;
  private final List<Tensor> parameters = new ArrayList<>();
  private final Tensor tokens;
  private final Tensor positions;
  private final List<Block> blocks = new ArrayList<>();
  private final Norm last;
  private final Tensor places;
  private final Tensor future;

  private record Norm(Tensor gain, Tensor bias) {}

  private record Linear(Tensor weight, Tensor bias) {
    Tensor of(Tensor x) {
      return linear(x, weight, new TensorOptional(bias));
    }
  }

  private record Block(Norm before, Linear qkv, Linear out, Norm between, Linear up, Linear down) {}

  private TorchStep(int layers, int[] sizes, boolean fused) {
    this.heads = sizes[0];
    this.width = sizes[1];
    this.context = sizes[2];
    this.batch = sizes[3];
    this.vocabulary = sizes[4];
    this.fused = fused;
    tokens = random(vocabulary, width);
    positions = random(context, width);
    for (int i = 0; i < layers; i++) {
      blocks.add(
          new Block(
              norm(),
              dense(3 * width, width),
              dense(width, width),
              norm(),
              dense(4 * width, width),
              dense(width, 4 * width)));
    }
    last = norm();
    places = arange(new Scalar(context)).to(ScalarType.Long);
    future = ones(new long[] {context, context}).tril().eq(new Scalar(0.0));
  }

  private Tensor parameter(Tensor values) {
    values.requires_grad_(true);
    parameters.add(values);
    return values;
  }

  private Tensor random(long... shape) {
    Tensor values = randn(shape);
    values.mul_(new Scalar(0.02));
    return parameter(values);
  }

  private Tensor constant(double value, long size) {
    Tensor values = ones(new long[] {size});
    values.mul_(new Scalar(value));
    return parameter(values);
  }

  private Norm norm() {
    return new Norm(constant(1, width), constant(0, width));
  }

  private Linear dense(long outputs, long inputs) {
    return new Linear(random(outputs, inputs), constant(0, outputs));
  }

  private Tensor normalize(Tensor x, Norm norm) {
    return layer_norm(
        x,
        new long[] {width},
        new TensorOptional(norm.gain()),
        new TensorOptional(norm.bias()),
        EPSILON,
        true);
  }

  private Tensor split(Tensor x) {
    return x.view(batch, context, heads, width / heads).transpose(1, 2);
  }

  private Tensor attend(Tensor x) {
    TensorVector parts = x.split(width, 2);
    Tensor q = split(parts.get(0));
    Tensor k = split(parts.get(1));
    Tensor v = split(parts.get(2));
    Tensor y;
    if (fused) {
      y =
          scaled_dot_product_attention(
              q, k, v, new TensorOptional(), 0.0, true, new DoubleOptional(), false);
    } else {
      Tensor scores = q.matmul(k.transpose(-2, -1)).mul(new Scalar(1 / Math.sqrt(width / heads)));
      y = softmax(scores.masked_fill(future, new Scalar(-1e30)), -1).matmul(v);
    }
    return y.transpose(1, 2).contiguous().view(batch, context, width);
  }

  private Tensor loss(Tensor inputs, Tensor targets) {
    Tensor x = embedding(tokens, inputs).add(embedding(positions, places));
    for (Block block : blocks) {
      x = x.add(block.out().of(attend(block.qkv().of(normalize(x, block.before())))));
      Tensor inner = gelu(block.up().of(normalize(x, block.between())), "tanh");
      x = x.add(block.down().of(inner));
    }
    Tensor logits = linear(normalize(x, last), tokens);
    return cross_entropy_loss(logits.view((long) batch * context, vocabulary), targets);
  }

  private void run(double seconds) {
    AdamW optimizer =
        new AdamW(new TensorVector(parameters.toArray(new Tensor[0])), new AdamWOptions(1e-3));
    Tensor inputs = randint(vocabulary, new long[] {batch, context}).to(ScalarType.Long);
    Tensor targets = randint(vocabulary, new long[] {(long) batch * context}).to(ScalarType.Long);
    for (int window = -WARM_UP; window < WINDOWS; window++) {
      long begin = System.nanoTime();
      int steps = 0;
      while ((System.nanoTime() - begin) * 1e-9 < seconds || steps < 2) {
        try (PointerScope scope = new PointerScope()) {
          loss(inputs, targets).backward();
          optimizer.step();
          optimizer.zero_grad(true);
        }
        steps++;
      }
      double rate = (double) steps * batch * context / ((System.nanoTime() - begin) * 1e-9);
      if (window >= 0) {
        System.out.printf(Locale.ROOT, "window %.1f%n", rate);
      }
    }
  }

  public static void main(String[] arguments) {
    int[] sizes = new int[7];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Integer.parseInt(arguments[i]);
    }
    set_num_threads(sizes[6]);
    manual_seed(1);
    int[] shape = {sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]};
    new TorchStep(sizes[0], shape, arguments[7].equals("fused"))
        .run(Double.parseDouble(arguments[8]));
  }
}
