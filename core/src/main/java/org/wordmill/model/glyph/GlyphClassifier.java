package org.wordmill.model.glyph;

import java.util.List;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Window;
import org.wordmill.module.Flatten;
import org.wordmill.module.Linear;
import org.wordmill.module.Relu;
import org.wordmill.module.SoftmaxCrossEntropy;
import org.wordmill.module.convolution.Conv2d;
import org.wordmill.module.convolution.MaxPool2d;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * A convolutional network that reads images of digits: twice convolution, rectifier and max
 * pooling, then one linear map to the scores of the classes.
 *
 * <pre>
 * x [B, 28, 28, 1]   -> conv 5 x 5, padding 2 [B, 28, 28, 8]  -> relu -> pool 2 [B, 14, 14, 8]
 *                    -> conv 5 x 5, padding 2 [B, 14, 14, 16] -> relu -> pool 2 [B, 7, 7, 16]
 *                    -> flatten [B, 784]                      -> linear [B, 10]
 * </pre>
 *
 * Source: LeCun et al., Gradient-based learning applied to document recognition, 1998, made
 * smaller.
 */
public final class GlyphClassifier extends Module {
  /** Channels after the first and after the second convolution. */
  public static final int FIRST = 8;

  public static final int SECOND = 16;

  /** The window of both convolutions, along each axis. */
  public static final Window WINDOW = Window.same(5);

  private static final int FEATURES = SECOND * (GlyphImages.SIDE / 4) * (GlyphImages.SIDE / 4);

  private final Conv2d first = new Conv2d("conv1", 1, FIRST, WINDOW, WINDOW);
  private final Conv2d second = new Conv2d("conv2", FIRST, SECOND, WINDOW, WINDOW);
  private final Linear head =
      new Linear(
          "head", FEATURES, GlyphImages.CLASSES, new Initializer.Uniform(1 / Math.sqrt(FEATURES)));
  private final Relu relu = new Relu();
  private final MaxPool2d pool = new MaxPool2d(2);
  private final Flatten flatten = new Flatten();
  private final SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();

  @Override
  public List<Module> children() {
    return List.of(first, second, head);
  }

  /** The weights [8, 5, 5, 1] that look at the pixels themselves. */
  public Parameter filters() {
    return first.parameters().get(0);
  }

  /** The scores [B, 10] of images [B, 28, 28, 1]. */
  public Variable scores(Tape tape, Variable images) {
    Variable edges = tape.apply(pool, tape.apply(relu, tape.apply(first, images)));
    Variable shapes = tape.apply(pool, tape.apply(relu, tape.apply(second, edges)));
    return tape.apply(head, tape.apply(flatten, shapes));
  }

  /** The cross-entropy of the labels, in nats, summed over the images. */
  public Variable loss(Tape tape, Variable images, int[] labels) {
    return tape.apply(loss, new Ids(labels, labels.length, 1), scores(tape, images));
  }
}
