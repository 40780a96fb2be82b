package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.TaggerConfig;
import org.wordmill.model.TrainableModel;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.TapeListing;
import org.wordmill.tape.Variable;
import org.wordmill.text.Characters;
import org.wordmill.text.Tokenizer;
import org.wordmill.trainer.DataParallelTrainer;

/**
 * The tape of one training step of a neural model on one text, forward and backward, in double
 * precision and without dropout.
 *
 * @param targets tokens that the step predicts
 * @param loss the sum of -log p over them, natural logarithm
 */
record TapeOfStep(
    String model,
    int targets,
    double loss,
    List<TapeListing.Line> forward,
    List<TapeListing.Popped> backward) {

  /** Of a training output, with its parameters. */
  static TapeOfStep ofRun(String path, String text, Console console) {
    try (TrainedModel trained =
        DataParallelTrainer.open(
            path,
            new Configuration(),
            KernelChoice.REFERENCE,
            notice -> console.note("warning: " + notice))) {
      return run(path, trained.config(), trained.tokenizer(), text, trained.parameters());
    }
  }

  /** Of settings, with the parameters that training would start with; tokens are characters. */
  static TapeOfStep ofSettings(String fileOrPreset, String text) {
    TrainingSettings settings = TrainingSettings.load(fileOrPreset, List.of());
    if (settings.model() instanceof TaggerConfig) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the tape of a step is shown of language models, and this is a tagger",
          fileOrPreset,
          "choose another preset");
    }
    Tokenizer characters = Characters.fromText(text);
    ModelConfig config = settings.model().withVocabularySize(characters.vocabulary().size());
    ParameterVector parameters = new ParameterVector(config.build().layout(), Precision.FLOAT);
    parameters.initialize(settings.seed());
    return run(fileOrPreset, config, characters, text, parameters);
  }

  private static TapeOfStep run(
      String name,
      ModelConfig config,
      Tokenizer tokenizer,
      String text,
      ParameterVector parameters) {
    int[] tokens = tokenizer.encode(text);
    if (tokens.length < 2 || tokens.length > config.contextLength() + 1) {
      throw new WordmillException(
          ExitCode.USAGE,
          String.format(
              Locale.ROOT,
              "the text has %d tokens, expected 2 to %d",
              tokens.length,
              config.contextLength() + 1),
          "option --text",
          "give another text");
    }
    int time = tokens.length - 1;
    int[] inputs = new int[time];
    int[] targets = new int[time];
    System.arraycopy(tokens, 0, inputs, 0, time);
    System.arraycopy(tokens, 1, targets, 0, time);
    TrainableModel model = config.build();
    Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
    ParameterVector values = new ParameterVector(model.layout(), kernels);
    values.flat().copyFrom(parameters.flat());
    ParameterVector gradients = new ParameterVector(model.layout(), kernels);
    Tape tape = Tape.recordingEvaluation(kernels, values, gradients);
    Variable loss = model.loss(tape, new Ids(inputs, 1, time), new Ids(targets, 1, time));
    double sum = loss.value().toDoubles()[0];
    TapeListing listing = new TapeListing(tape);
    return new TapeOfStep(name, time, sum, listing.lines(), listing.backward(tape, loss));
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("model", model);
    figures.put("targets", targets);
    figures.put("loss", loss);
    figures.put("forward", forward);
    figures.put("backward", backward);
    return figures;
  }

  String asText() {
    List<List<String>> pushed = new ArrayList<>();
    for (TapeListing.Line line : forward) {
      pushed.add(
          List.of(
              "#" + line.number(),
              line.module(),
              String.join(" ", line.inputs()),
              line.output().toString(),
              String.join(" ", line.parameters())));
    }
    List<List<String>> popped = new ArrayList<>();
    for (TapeListing.Popped call : backward) {
      popped.add(
          List.of(
              "#" + call.number(),
              call.module(),
              String.format(Locale.ROOT, "%.4f", call.gradientNorm()),
              String.join(" ", call.into())));
    }
    return "forward, each call pushed\n"
        + Tables.table(List.of("call", "module", "inputs", "output", "parameters"), pushed)
        + String.format(Locale.ROOT, "%nloss %.6f nats over %d targets%n%n", loss, targets)
        + "backward, each call popped\n"
        + Tables.table(List.of("call", "module", "|d output|", "adds to"), popped);
  }
}
