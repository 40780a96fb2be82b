package org.wordmill.model;

import java.util.List;
import java.util.stream.IntStream;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.Vocabulary;

/** A Transformer that learned nothing, with weights so large that every token matters. */
record RandomModel(
    TransformerLm model, ParameterVector values, Vocabulary vocabulary, KernelChoice kernels) {

  static RandomModel of(TransformerConfig config, long seed, double enlarged, KernelChoice choice) {
    TransformerLm model = new TransformerLm(config);
    ParameterVector values = new ParameterVector(model.layout(), Precision.FLOAT);
    values.initialize(seed);
    model.layout().parameters().stream()
        .filter(p -> p.decays())
        .forEach(p -> choice.create(Precision.FLOAT).scale(values.of(p), enlarged));
    List<String> tokens =
        IntStream.range(0, config.vocabularySize()).mapToObj(i -> i == 0 ? "\n" : "t" + i).toList();
    return new RandomModel(model, values, new Vocabulary(tokens), choice);
  }

  TransformerLanguageModel cached() {
    return new TransformerLanguageModel(model, values, vocabulary, kernels);
  }

  WholeForwardModel whole() {
    return new WholeForwardModel(model, values, vocabulary, kernels);
  }
}
