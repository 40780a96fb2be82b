package org.wordmill.module.dl4j;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.wordmill.kernel.Nd4jViews;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;

/**
 * Any layer of Deeplearning4j, as a module: forward is its {@code activate}, backward its {@code
 * backpropGradient}, and its parameters are one vector, which is a view of the model's flat vector
 * in DL4J's own order.
 *
 * <p>A layer of DL4J remembers its last input, so every call makes one over the same parameters,
 * and backward makes another and computes forward again. What DL4J does otherwise, and what becomes
 * of it here:
 *
 * <ul>
 *   <li>Channels come before time, height and width: [B, C, T], [B, C, H, W]. Inputs and outputs of
 *       this module are [B, T, C], [B, H, W, C] as everywhere in this house; leave the data formats
 *       of the layer as they are by default.
 *   <li>Truncated back-propagation through time is a matter of its networks. A recurrent layer here
 *       goes back over the whole sequence, from a state of zeros.
 *   <li>The running mean and variance of batch normalization are parameters to DL4J, which moves
 *       them by a difference that it hands to the optimizer as if it were a gradient. Here their
 *       gradient is zero, and in evaluation too the layer normalizes by the batch that it is given.
 *   <li>Dropout, noise on weights, constraints and regularization are refused or without effect:
 *       they are the tape's and the optimizer's. Weight decay spares a vector of parameters.
 * </ul>
 *
 * <p>Runs on kernels whose tensors are ND4J's: reference and fused.
 */
public final class Dl4jLayer extends LeafModule {
  /** Parameters that DL4J moves by something other than a gradient. */
  private static final Set<String> RUNNING =
      Set.of(
          BatchNormalizationParamInitializer.GLOBAL_MEAN,
          BatchNormalizationParamInitializer.GLOBAL_VAR,
          BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

  private final NeuralNetConfiguration configuration;
  private final @Nullable Parameter parameters;

  /**
   * @param name of the vector of parameters, if the layer has any
   * @param layer with its numbers of inputs and outputs set
   * @param start of all parameters alike
   */
  public Dl4jLayer(String name, org.deeplearning4j.nn.conf.layers.Layer layer, Initializer start) {
    boolean noisy = layer instanceof BaseLayer base && base.getWeightNoise() != null;
    if (layer.getIDropout() != null || noisy) {
      throw new IllegalArgumentException(
          "dropout and noise belong on the tape, not into the layer " + layer);
    }
    this.configuration = new NeuralNetConfiguration.Builder().layer(layer).build();
    long size = layer.initializer().numParams(configuration);
    this.parameters = size == 0 ? null : new Parameter(name, start, Math.toIntExact(size));
  }

  @Override
  public List<Parameter> parameters() {
    return parameters == null ? List.of() : List.of(parameters);
  }

  @Override
  protected Tensor forward(Call call) {
    INDArray y = activated(call, layer(call));
    INDArray last = channelsLast(y);
    int[] shape = new int[last.rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = Math.toIntExact(last.size(axis));
    }
    Tensor output = call.output(shape);
    Nd4jViews.of(output).assign(last);
    return output;
  }

  @Override
  protected void backward(Call call) {
    Layer layer = layer(call);
    Tensor own = null;
    if (parameters != null) {
      own = call.output(parameters.shape());
      own.fill(0);
      layer.setBackpropGradientsViewArray(row(own));
    }
    activated(call, layer);
    INDArray dy = channelsFirst(call.outputGradient());
    INDArray dx = layer.backpropGradient(dy, LayerWorkspaceMgr.noWorkspaces()).getSecond();
    if (parameters != null && own != null) {
      Map<String, INDArray> parts =
          configuration.getLayer().initializer().getGradientsFromFlattened(configuration, row(own));
      parts.forEach(
          (key, gradient) -> {
            if (RUNNING.contains(key)) {
              gradient.assign(0);
            }
          });
      call.kernels().copy(own, call.gradient(parameters), true);
    }
    if (call.needsGradient(0)) {
      GradientSlot slot = call.inputGradient(0);
      INDArray sum = Nd4jViews.of(slot.tensor());
      if (slot.claim()) {
        sum.addi(channelsLast(dx));
      } else {
        sum.assign(channelsLast(dx));
      }
    }
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }

  /** A new layer over the parameters of this call. */
  private Layer layer(Call call) {
    Tensor x = call.input(0);
    if (call.continues()) {
      throw new IllegalArgumentException("a layer of DL4J continues no sequence");
    }
    NeuralNetConfiguration own = configuration.clone();
    INDArray view = parameters == null ? null : row(call.value(parameters));
    Layer layer =
        own.getLayer().instantiate(own, List.of(), 0, view, false, Nd4jViews.of(x).dataType());
    layer.setInputMiniBatchSize(x.dimension(0));
    return layer;
  }

  private static INDArray activated(Call call, Layer layer) {
    return layer.activate(channelsFirst(call.input(0)), true, LayerWorkspaceMgr.noWorkspaces());
  }

  private static INDArray row(Tensor vector) {
    return Nd4jViews.of(vector).reshape(1, vector.size());
  }

  /** A copy, because layers may write to what they are given. */
  private static INDArray channelsFirst(Tensor tensor) {
    INDArray x = Nd4jViews.of(tensor);
    int last = x.rank() - 1;
    return (last < 2 ? x : x.permute(moved(last, 1, last))).dup('c');
  }

  private static INDArray channelsLast(INDArray x) {
    int last = x.rank() - 1;
    return last < 2 ? x : x.permute(moved(1, last, last));
  }

  /** The axes 0 .. last, with one of them moved to another place. */
  private static int[] moved(int from, int to, int last) {
    int[] axes = new int[last + 1];
    int next = 0;
    for (int place = 0; place <= last; place++) {
      if (place == to) {
        axes[place] = from;
      } else {
        next += next == from ? 1 : 0;
        axes[place] = next++;
      }
    }
    return axes;
  }
}
