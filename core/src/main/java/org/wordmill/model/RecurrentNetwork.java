package org.wordmill.model;

import java.util.ArrayList;
import java.util.List;
import org.wordmill.module.Dropout;
import org.wordmill.module.recurrent.BidirectionalRnn;
import org.wordmill.module.recurrent.Recurrence;
import org.wordmill.module.recurrent.RecurrentLayer;
import org.wordmill.module.recurrent.SequenceLengths;
import org.wordmill.tape.Module;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Recurrent layers over a sentence, each reading the one below, in one direction or in both. */
final class RecurrentNetwork extends SentenceNetwork {
  private final List<Recurrence> oneWay = new ArrayList<>();
  private final List<BidirectionalRnn> bothWays = new ArrayList<>();
  private final Dropout dropout;
  private final int width;

  RecurrentNetwork(RecurrentTaggerConfig config) {
    this.width = config.bidirectional() ? 2 * config.width() : config.width();
    this.dropout = new Dropout(config.dropout());
    for (int i = 0; i < config.layers(); i++) {
      RecurrentLayer layer =
          new RecurrentLayer(
              "rnn", i, i == 0 ? config.embeddingWidth() : width, config.width(), false, 0);
      if (config.bidirectional()) {
        bothWays.add(new BidirectionalRnn(config.cell().maker(), layer));
      } else {
        oneWay.add(config.cell().maker().apply(layer));
      }
    }
  }

  @Override
  int width() {
    return width;
  }

  @Override
  int margin() {
    return 0;
  }

  @Override
  public List<Module> children() {
    List<Module> all = new ArrayList<>(oneWay);
    all.addAll(bothWays);
    all.add(dropout);
    return all;
  }

  @Override
  Variable forward(Tape tape, Variable x, SequenceLengths lengths) {
    Variable y = x;
    for (Recurrence layer : oneWay) {
      y = dropout.forward(tape, tape.apply(layer, y));
    }
    for (BidirectionalRnn layer : bothWays) {
      y = dropout.forward(tape, layer.forward(tape, y, lengths));
    }
    return y;
  }
}
