package org.wordmill.module;

import java.util.List;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;

/**
 * One learned vector for each token.
 *
 * <pre>
 * forward   y[b, t] = table[ids[b, t]]          table [V, C]   ids [B, T]   y [B, T, C]
 * backward  dtable[ids[b, t]] += dy[b, t]
 * </pre>
 *
 * Source: lecture, word embeddings.
 */
public final class Embedding extends LeafModule {
  private final Parameter table;

  /** A table named {@code name.weight}. */
  public Embedding(String name, int vocabularySize, int width, Initializer initializer) {
    this.table = new Parameter(name + ".weight", initializer, vocabularySize, width);
  }

  /** The table, for modules that share it. */
  public Parameter table() {
    return table;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(table);
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor rows = call.value(table);
    Ids ids = call.ids();
    IdCheck.rows(ids, rows);
    Tensor y = call.output(ids.batch(), ids.time(), rows.columns());
    call.kernels().embeddingForward(rows, ids, y);
    return y;
  }

  @Override
  protected void backward(Call call) {
    call.kernels().embeddingBackward(call.ids(), call.outputGradient(), call.gradient(table));
  }

  @Override
  protected boolean backwardReadsInput(int i) {
    return false;
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }
}
