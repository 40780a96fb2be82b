package org.wordmill.model;

import java.util.ArrayList;
import java.util.List;
import org.wordmill.kernel.Window;
import org.wordmill.module.Dropout;
import org.wordmill.module.Tanh;
import org.wordmill.module.convolution.Conv1d;
import org.wordmill.module.recurrent.SequenceLengths;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * Layers of windows over a sentence, h_t = tanh(W [x_(t-r) .. x_(t+r)] + b) with windows of 2 r + 1
 * words. What stands before the first word and behind the last is filling, as real to a window as a
 * word is. With one layer this is the window approach of Collobert et al., Natural language
 * processing (almost) from scratch, 2011.
 */
final class WindowNetwork extends SentenceNetwork {
  private final List<Conv1d> layers = new ArrayList<>();
  private final Tanh tanh = new Tanh();
  private final Dropout dropout;
  private final int width;
  private final int margin;

  WindowNetwork(ConvolutionalTaggerConfig config) {
    this.width = config.width();
    this.margin = config.layers() * (config.window() / 2);
    this.dropout = new Dropout(config.dropout());
    for (int i = 0; i < config.layers(); i++) {
      int inputs = i == 0 ? config.embeddingWidth() : width;
      layers.add(new Conv1d("conv." + i, inputs, width, Window.of(config.window())));
    }
  }

  @Override
  int width() {
    return width;
  }

  @Override
  int margin() {
    return margin;
  }

  @Override
  public List<Module> children() {
    List<Module> all = new ArrayList<>(layers);
    all.add(tanh);
    all.add(dropout);
    return all;
  }

  /** Each layer makes r positions less of both ends, and the last leaves those of the sentences. */
  @Override
  Variable forward(Tape tape, Variable x, SequenceLengths lengths) {
    Variable y = x;
    for (Conv1d layer : layers) {
      y = dropout.forward(tape, tape.apply(tanh, tape.apply(layer, y)));
    }
    return y;
  }
}
