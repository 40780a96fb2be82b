package org.wordmill.submit.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.format.ngramtable.NgramTable;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.model.GptSizes;
import org.wordmill.model.ModelConfig;
import org.wordmill.submit.config.Presets;
import org.wordmill.submit.config.Settings;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.tape.Parameter;
import org.wordmill.train.MemoryEstimate;
import org.wordmill.train.TrainingConfig;
import org.wordmill.trainer.PreparedText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is in a model or a preset. */
@Command(
    name = "inspect",
    header = "What is in a model, a checkpoint or a preset.",
    description =
        "Tells sizes: of an ARPA file or table its order and entries; of a training output its model,"
            + " parameters and checkpoints; of prepared text its documents and tokens; of a preset or settings file its settings, the parameters"
            + " that the model would have, and the memory that training would take. With --preset it"
            + " counts them by part, beside what was published of GPT, GPT-2 and GPT-3, and tells what"
            + " training costs. With --convolution it computes the sizes of the outputs of"
            + " convolutions and poolings: 'SIZE [channels C]: LAYER, LAYER, ..', where SIZE has one"
            + " to three axes and a layer is 'conv K [stride S] [padding P | same | causal]"
            + " [dilation D] [channels C] [no bias]' or 'pool K [stride S] [padding P]'; K, S, P and"
            + " D are one number or one for each axis, such as 3x5.",
    footer = {
      "",
      "Examples:",
      "  wordmill inspect model.arpa",
      "  wordmill inspect shakespeare-char --vocabulary-size 65",
      "  wordmill inspect --preset gpt3-175b --tokens 300e9",
      "  wordmill inspect --convolution '28x28: conv 5 stride 1 padding 2'",
      "  wordmill inspect --convolution '28x28 channels 1: conv 5 same channels 8, pool 2'",
      "  wordmill inspect --convolution '16x112x112: conv 3x7x7 stride 1x2x2 padding 1x3x3, pool 2'"
    })
final class InspectCommand implements Callable<Integer> {
  private static final int DEFAULT_VOCABULARY = 100;

  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH|PRESET",
      description = "A model, a settings file (*.conf), or the name of a preset.")
  private String subject = "";

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "A preset or settings file, whose parameters are counted by part.")
  private @Nullable String preset;

  @Option(
      names = "--convolution",
      paramLabel = "LAYERS",
      description = "The size of an input and the layers of windows that it goes through.")
  private @Nullable String convolution;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description =
          "With --preset: what it costs to train on so many tokens, such as 300e9; the rate of this"
              + " machine is measured for a moment.")
  private @Nullable Double tokens;

  @Option(
      names = "--vocabulary-size",
      paramLabel = "V",
      description =
          "For settings: the vocabulary to count parameters with, which the training text will"
              + " decide. Default: that of the paper for gpt presets, "
              + DEFAULT_VOCABULARY
              + " for others.")
  private @Nullable Integer vocabularySize;

  @Option(
      names = "--verify",
      description =
          "For a table of pack, and for prepared text: read all of it and compare its checksums.")
  private boolean verify;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (convolution != null) {
      convolution(convolution);
      return 0;
    }
    if (preset != null) {
      report(preset);
      return 0;
    }
    requireSubject();
    if (isSettings()) {
      settings();
      return 0;
    }
    Optional<PreparedText> prepared = PreparedText.find(subject, SparkRun.hadoop());
    if (prepared.isPresent()) {
      prepared(prepared.get());
      return 0;
    }
    Map<String, Object> result = Models.describe(subject, console);
    if (verify) {
      try (OpenModel model = Models.open(subject, console)) {
        verify(model);
      }
      result.put("verified", true);
    }
    console.result(common, result, () -> asText(result));
    return 0;
  }

  private void prepared(PreparedText text) {
    Map<String, Object> result = text.facts();
    if (verify) {
      text.verify();
      result.put("verified", true);
    }
    console.result(common, result, () -> Tables.facts(result));
  }

  private void convolution(String layers) {
    if (!subject.isEmpty() || preset != null || tokens != null || vocabularySize != null) {
      throw usage("there is --convolution and something else", "give --convolution alone");
    }
    ConvolutionReport report = new ConvolutionReport(layers);
    console.result(common, report.values(), report::text);
  }

  private static void verify(OpenModel model) {
    if (!(model.model() instanceof NgramTable table)) {
      throw usage(
          "--verify is for tables and prepared text, and this is a model: " + model.path(),
          "leave it out");
    }
    table.verify();
  }

  private void report(String name) {
    if (!subject.isEmpty()) {
      throw usage("there is '" + subject + "' and --preset " + name, "give one of them");
    }
    if (tokens != null && !(tokens > 0 && Double.isFinite(tokens))) {
      throw usage("--tokens is " + tokens, "give a number above 0");
    }
    ModelConfig model = TrainingSettings.load(name, List.of()).model();
    PresetReport report = new PresetReport(name, model.withVocabularySize(vocabulary(name)));
    Map<String, Object> result = report.values(tokens);
    console.result(common, result, () -> report.text(result));
  }

  private void requireSubject() {
    if (tokens != null) {
      throw usage("--tokens without --preset", "give the preset or settings file to train by");
    }
    if (subject.isEmpty()) {
      throw usage("there is nothing to inspect", "give a model, a settings file, or --preset NAME");
    }
  }

  private int vocabulary(String name) {
    return vocabularySize != null
        ? vocabularySize
        : GptSizes.find(name).map(GptSizes.Size::vocabulary).orElse(DEFAULT_VOCABULARY);
  }

  private static WordmillException usage(String what, String remedy) {
    return new WordmillException(ExitCode.USAGE, what, "wordmill inspect", remedy);
  }

  /** The configuration of a trained model is too long for a line. */
  private static String asText(Map<String, Object> facts) {
    Map<String, Object> lines = new LinkedHashMap<>(facts);
    Object config = lines.remove(Models.CONFIG);
    return Tables.facts(lines) + (config instanceof JsonNode json ? json.toPrettyString() : "");
  }

  private boolean isSettings() {
    if (subject.endsWith(".conf")) {
      return true;
    }
    try {
      return Presets.names().contains(subject) && !Files.exists(Path.of(subject));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void settings() {
    Config config = Settings.load(subject, List.of());
    int size = vocabulary(subject);
    TrainingConfig training = TrainingSettings.of(config).training().withVocabularySize(size);
    ModelConfig model = training.model();
    List<Map<String, Object>> parameters = new ArrayList<>();
    long count = 0;
    for (Parameter parameter : model.build().layout().parameters()) {
      long elements = 1;
      for (int extent : parameter.shape()) {
        elements *= extent;
      }
      count += elements;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", parameter.name());
      one.put("shape", parameter.shape());
      one.put("elements", elements);
      parameters.add(one);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("settings", Json.parse(config.root().render(Settings.CONCISE), subject));
    result.put("vocabulary_size", size);
    result.put("parameter_count", count);
    result.put("parameters", parameters);
    MemoryEstimate memory = MemoryEstimate.of(training);
    result.put("memory_bytes", memory);
    long total = count;
    console.result(
        common,
        result,
        () ->
            Settings.render(config)
                + "\n"
                + table(parameters)
                + "parameters in all: "
                + total
                + "\n\n"
                + table(memory));
  }

  private static String table(MemoryEstimate memory) {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("parameters", memory.parameters());
    parts.put("gradients", memory.gradients());
    parts.put("moments", memory.moments());
    if (memory.velocity() > 0) {
      parts.put("outer velocity", memory.velocity());
    }
    if (memory.heldBack() > 0) {
      parts.put("gradients held back", memory.heldBack());
    }
    parts.put("values of a micro-batch", memory.activations());
    parts.put("a task", memory.task());
    parts.put("the driver", memory.state());
    return Tables.table(
        List.of("memory of", "bytes", ""),
        parts.entrySet().stream()
            .map(
                part ->
                    List.of(
                        part.getKey(),
                        String.valueOf(part.getValue()),
                        OffHeapMemory.readable(part.getValue())))
            .toList());
  }

  private static String table(List<Map<String, Object>> parameters) {
    return Tables.table(
        List.of("parameter", "shape", "elements"),
        parameters.stream()
            .map(
                one ->
                    List.of(
                        String.valueOf(one.get("name")),
                        Json.write(one.get("shape")),
                        String.valueOf(one.get("elements"))))
            .toList());
  }
}
